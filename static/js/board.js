// The board: a card is dragged to another column. A column that asks why opens the page that « Déplacer vers… » opens.
const board = document.querySelector("[data-pti-board]");
const form = document.querySelector("[data-pti-landing]");
let card = null;
const over = (column) => {
  for (const one of board.querySelectorAll("[data-pti-over]")) if (one !== column) delete one.dataset.ptiOver;
  if (column) column.dataset.ptiOver = "";
};
const columnOf = (event) => event.target.closest?.("[data-pti-status]");
for (const one of board.querySelectorAll("[data-pti-card]")) one.draggable = true;
for (const link of board.querySelectorAll("[data-pti-card] a")) link.draggable = false;
board.addEventListener("dragstart", (event) => {
  card = event.target.closest("[data-pti-card]");
  if (!card) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.querySelector("a").textContent);
});
board.addEventListener("dragover", (event) => {
  const column = card && columnOf(event);
  if (column) event.preventDefault();
  over(column && !column.contains(card) ? column : null);
});
board.addEventListener("dragend", () => {
  card = null;
  over(null);
});
board.addEventListener("drop", (event) => {
  const column = card && columnOf(event);
  if (!column) return;
  event.preventDefault();
  if (column.contains(card)) return;
  const address = new URL(card.querySelector("[data-pti-move]").href);
  const from = card.closest("[data-pti-status]").dataset.ptiStatus;
  if ("ptiAsks" in column.dataset) {
    address.searchParams.set("vers", column.dataset.ptiStatus);
    location.assign(address);
    return;
  }
  form.action = address;
  form.elements.status.value = column.dataset.ptiStatus;
  form.elements.seen.value = from;
  form.submit();
});
