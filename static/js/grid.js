// A grid of cells (data-pti-grid): a block copied from a spreadsheet is laid from the cell where it is pasted, Enter goes
// down, and the bar says how many cells differ from what was loaded. Nothing is sent before « Enregistrer ».
for (const form of document.querySelectorAll("[data-pti-grid]")) {
  const status = form.querySelector("[data-pti-grid-status]");
  const rows = [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("[data-pti-cell]")]);
  const place = (cell) => {
    const row = rows.findIndex((cells) => cells.includes(cell));
    return [row, rows[row]?.indexOf(cell) ?? -1];
  };
  const tell = (more = "") => {
    const cells = rows.flat().filter((cell) => cell.value !== undefined && cell.value.trim() !== cell.dataset.ptiCell.trim());
    rows.flat().forEach((cell) => cell.classList.toggle("is-changed", cells.includes(cell)));
    const words = cells.length > 1 ? `${cells.length} cases modifiées, pas encore enregistrées` : "1 case modifiée, pas encore enregistrée";
    status.textContent = [more, cells.length ? words : ""].filter(Boolean).join(" ");
  };
  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-pti-cell]");
    const text = event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "") ?? "";
    if (!cell || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const [top, left] = place(cell);
    let lost = 0;
    text.split("\n").forEach((line, down) =>
      line.split("\t").forEach((value, right) => {
        const target = rows[top + down]?.[left + right];
        if (target && target.value !== undefined) target.value = value.trim().replace(/^"(.*)"$/, "$1");
        else if (value.trim()) lost += 1;
      }),
    );
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    tell(lost ? `${lost} valeur${lost > 1 ? "s" : ""} hors de la grille ou sur une case qui se lit seulement.` : "");
  });
  form.addEventListener("input", () => tell());
  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-pti-cell]");
    if (!cell || event.key !== "Enter") return;
    event.preventDefault();
    const [row, column] = place(cell);
    rows.slice(row + 1).map((cells) => cells[column]).find((one) => one?.value !== undefined)?.focus();
  });
  tell();
}
