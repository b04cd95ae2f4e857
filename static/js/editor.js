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
};
window.gettext ||= (text) => words[text] || text;
const levels = { heading4: "Titre", heading5: "Sous-titre", paragraph: "Paragraphe" };
const nameEditors = () => {
  for (const editor of document.querySelectorAll(".ProseMirror[contenteditable]:not([aria-labelledby])")) {
    const field = editor.closest(".pti-field")?.querySelector("textarea[data-pti-html]");
    if (!field) continue;
    editor.setAttribute("role", "textbox");
    editor.setAttribute("aria-multiline", "true");
    editor.setAttribute("aria-labelledby", `label_${field.id}`);
    const help = field.getAttribute("aria-describedby");
    if (help) editor.setAttribute("aria-describedby", help);
    document.getElementById(`label_${field.id}`)?.addEventListener("click", () => editor.focus());
  }
  for (const option of document.querySelectorAll(".prose-menubar__option[data-name]:not([data-pti-told])")) {
    option.dataset.ptiTold = "";
    if (levels[option.dataset.name]) option.textContent = levels[option.dataset.name];
  }
};
new MutationObserver(nameEditors).observe(document.body, { childList: true, subtree: true });
nameEditors();
