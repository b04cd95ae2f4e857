// Small gestures: data-pti-print prints the page, data-pti-copy copies its link and says so.
document.addEventListener("click", async (event) => {
  const print = event.target.closest("[data-pti-print]");
  if (print) {
    event.preventDefault();
    window.print();
  }
  const copy = event.target.closest("[data-pti-copy]");
  if (copy && navigator.clipboard) {
    event.preventDefault();
    await navigator.clipboard.writeText(new URL(copy.getAttribute("href"), location.href).href);
    copy.querySelector("[data-pti-copied]").textContent = "Lien copié";
  }
});
