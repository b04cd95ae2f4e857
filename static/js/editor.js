// Long texts: without this script the textarea holds readable text. Here the markup takes its place before the
// editor (a module, so later) reads it, and each editor is given the label and the help of its field.
for (const field of document.querySelectorAll("textarea[data-pti-html]")) {
  field.value = field.dataset.ptiHtml;
}
const words = {
  URL: "Adresse", Title: "Titre", Update: "Mettre à jour", Cancel: "Annuler", Insert: "Insérer", "Edit Link": "Modifier le lien",
  "List properties": "Propriétés de la liste", "Decimal numbers": "Nombres", "Lowercase letters": "Lettres minuscules",
  "Uppercase letters": "Lettres majuscules", "Lowercase Roman numerals": "Chiffres romains minuscules",
  "Uppercase Roman numerals": "Chiffres romains majuscules", Bullets: "Puces", "Start at": "Commencer à",
  "List type": "Type de liste", Rows: "Lignes", Columns: "Colonnes", "Include header row": "Avec une ligne d’en-tête",
  "Table Properties": "Propriétés du tableau", "Insert Table": "Insérer un tableau",
  // The names of the buttons of the bar, which the editor does not ask to be translated.
  paragraph: "Paragraphe", "unordered list": "Liste à puces", "ordered list": "Liste numérotée", blockquote: "Citation",
  bold: "Gras", italic: "Italique", underline: "Souligné", subscript: "Indice", superscript: "Exposant",
  "insert link": "Insérer un lien", "remove link": "Retirer le lien", "Insert table": "Insérer un tableau",
  "Add column": "Ajouter une colonne", "Delete column": "Supprimer la colonne", "Add row": "Ajouter une ligne",
  "Delete row": "Supprimer la ligne", "Merge cells": "Fusionner les cellules", "Split cell": "Scinder la cellule",
  "Toggle header cell": "Cellule d’en-tête, ou non", "Delete table": "Supprimer le tableau", undo: "Annuler la frappe",
  redo: "Rétablir la frappe",
};
window.gettext ||= (text) => words[text] || text;
const levels = { heading4: "Titre", heading5: "Sous-titre", paragraph: "Paragraphe" };
const nameEditors = () => {
  for (const editor of document.querySelectorAll(".ProseMirror[contenteditable]:not([aria-labelledby])")) {
    const field = editor.closest(".pti-field, .form-row")?.querySelector("textarea[data-pti-html]"); // ours, the settings room
    const label = field?.labels[0];
    if (!label) continue;
    label.id ||= `label_${field.id}`;
    editor.setAttribute("role", "textbox");
    editor.setAttribute("aria-multiline", "true");
    editor.setAttribute("aria-labelledby", label.id);
    const help = field.getAttribute("aria-describedby");
    if (help) editor.setAttribute("aria-describedby", help);
    label.addEventListener("click", () => editor.focus());
  }
  for (const option of document.querySelectorAll(".prose-menubar__option[data-name]:not([data-pti-told])")) {
    option.dataset.ptiTold = "";
    if (levels[option.dataset.name]) option.textContent = levels[option.dataset.name];
  }
  for (const button of document.querySelectorAll(".prose-menubar__button[title]:not([data-pti-told])")) {
    button.dataset.ptiTold = "";
    const name = words[button.title] ?? button.title;
    button.title = name;
    button.setAttribute("aria-label", name);
  }
};
new MutationObserver(nameEditors).observe(document.body, { childList: true, subtree: true });
nameEditors();
// Pasted text: style attributes would break the policy of the page, and the wrapper of an on-line word processor
// (<b style="font-weight:normal">) would make everything bold. What they meant is kept, then they go.
const withoutStyles = (html) => {
  const quiet = html
    .replace(/<(style|script)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/\son\w+\s*=\s*("[^"]*"|'[^']*')/gi, "")
    .replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, " data-was=$1");
  const page = new DOMParser().parseFromString(quiet, "text/html");
  for (const node of page.querySelectorAll("[data-was]")) {
    const bold = /(^|;)\s*font-weight:\s*(bold|[6-9]00)/i.test(node.dataset.was);
    const italic = /(^|;)\s*font-style:\s*italic/i.test(node.dataset.was);
    if (node.matches("b, strong") && /(^|;)\s*font-weight:\s*(normal|400)/i.test(node.dataset.was)) node.replaceWith(...node.childNodes);
    else if (node.matches("span")) {
      for (const tag of [bold && "strong", italic && "em"].filter(Boolean)) {
        const mark = page.createElement(tag);
        mark.append(...node.childNodes);
        node.append(mark);
      }
    }
    if (/mso-list/i.test(node.dataset.was)) node.dataset.list = node.dataset.was;
    node.removeAttribute("data-was");
  }
  page.querySelectorAll("script, style, meta, link, img").forEach((node) => node.remove());
  tidy(page);
  return page.body.innerHTML;
};
// What a word processor puts on the clipboard, in the words of our texts: its headings are ours (two levels), its lists
// are lists (Word writes each item as a paragraph that begins with its mark), what was struck or commented stays there.
const tidy = (page) => {
  for (const node of page.querySelectorAll("del, [class*=MsoComment], a[name]:not([href]), a[href^='#'], colgroup, col")) {
    if (node.matches("a")) node.replaceWith(...node.childNodes);
    else node.remove();
  }
  for (const [from, to] of [["h1", "h4"], ["h2", "h4"], ["h3", "h5"], ["h6", "h5"]]) {
    for (const node of page.querySelectorAll(from)) rename(node, to);
  }
  const first = page.querySelector("h4, h5");
  if (first?.tagName === "H5" && !page.querySelector("h4")) page.querySelectorAll("h5").forEach((node) => rename(node, "h4"));
  listsOfWord(page);
};
const rename = (node, tag) => {
  const other = node.ownerDocument.createElement(tag);
  other.append(...node.childNodes);
  node.replaceWith(other);
};
const levelOf = (node) => Number(/mso-list:[^;"']*level(\d)/i.exec(node.dataset.list ?? "")?.[1] ?? 0);
const listsOfWord = (page) => {
  let open = []; // [list, level] from the outermost
  for (const node of page.querySelectorAll("p[data-list]")) {
    const level = levelOf(node);
    if (!level) continue;
    const mark = node.querySelector("[data-list]");
    const ordered = /^\s*[0-9a-z]{1,4}[.)]/i.test(mark?.textContent ?? "");
    mark?.remove();
    const before = node.previousElementSibling;
    if (!open.length || before !== open[0][0]) open = [];
    while (open.length && open.at(-1)[1] > level) open.pop();
    if (!open.length || open.at(-1)[1] < level) {
      const list = page.createElement(ordered ? "ol" : "ul");
      const host = open.at(-1)?.[0].lastElementChild;
      if (host) host.append(list);
      else node.before(list);
      open.push([list, level]);
    }
    const item = page.createElement("li");
    const paragraph = page.createElement("p");
    paragraph.append(...node.childNodes);
    item.append(paragraph);
    open.at(-1)[0].append(item);
    node.remove();
  }
};
const TIDIED = "<!--pti-->";
document.addEventListener("paste", (event) => {
  const html = event.clipboardData?.getData("text/html");
  if (!html || html.includes(TIDIED) || html.includes("data-pm-slice") || !event.target.closest?.(".ProseMirror")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const data = new DataTransfer();
  data.setData("text/html", `${TIDIED}${withoutStyles(html)}`);
  data.setData("text/plain", event.clipboardData.getData("text/plain"));
  event.target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}, true);
