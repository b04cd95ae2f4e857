// Menus made of <details>: Escape and a click elsewhere close them.
document.addEventListener("click", (event) => {
  for (const drop of document.querySelectorAll("details[data-pti-drop][open]")) {
    if (!drop.contains(event.target)) drop.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const drop of document.querySelectorAll("details[data-pti-drop][open]")) {
    drop.open = false;
    drop.querySelector("summary").focus();
  }
});
