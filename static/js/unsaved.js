// A form marked data-pti-unsaved asks before the page is left with changes that are not saved.
for (const form of document.querySelectorAll("form[data-pti-unsaved]")) {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => {
    if (changed && !("ptiLeaving" in form.dataset)) event.preventDefault();
  });
}
