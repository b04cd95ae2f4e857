// Long texts: without this script the textarea holds readable text. Here the markup takes its place before the
// editor (a module, so later) reads it, and each editor is given the label and the help of its field.
for (const field of document.querySelectorAll("textarea[data-pti-html]")) {
  field.value = field.dataset.ptiHtml;
}
const nameEditors = () => {
  for (const editor of document.querySelectorAll(".ProseMirror:not([aria-labelledby])")) {
    const field = editor.closest(".pti-field")?.querySelector("textarea[data-pti-html]");
    if (!field) continue;
    editor.setAttribute("role", "textbox");
    editor.setAttribute("aria-multiline", "true");
    editor.setAttribute("aria-labelledby", `label_${field.id}`);
    const help = field.getAttribute("aria-describedby");
    if (help) editor.setAttribute("aria-describedby", help);
    document.getElementById(`label_${field.id}`)?.addEventListener("click", () => editor.focus());
  }
};
new MutationObserver(nameEditors).observe(document.body, { childList: true, subtree: true });
nameEditors();
