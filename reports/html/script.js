// Tiles filter by verdict, the field by text. Without this file every row stays visible.
const rows = [...document.querySelectorAll("#cases tbody tr, .searched > tbody > tr")];
const tiles = [...document.querySelectorAll(".tile")];
const search = document.getElementById("search");
let chosen = "";

function apply() {
  const words = search ? search.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
  for (const row of rows) {
    const text = (row.dataset.words ?? row.textContent).toLowerCase();
    row.hidden = (chosen && !row.classList.contains(chosen)) || !words.every((word) => text.includes(word));
  }
  for (const tile of tiles) tile.setAttribute("aria-pressed", String(tile.dataset.filter === chosen));
}

for (const tile of tiles) {
  tile.addEventListener("click", () => {
    chosen = chosen === tile.dataset.filter ? "" : tile.dataset.filter;
    apply();
  });
}
if (search) search.addEventListener("input", apply);

// The kill matrix: a cell says whose it is; a link opens what it leads to.
const matrix = document.querySelector(".kills");
const fates = { pass: "killed", collateral: "collateral", inconclusive: "inconclusive", nothing: "notices nothing", untried: "not tried" };
if (matrix) {
  matrix.addEventListener("mouseover", ({ target }) => {
    const cell = target.closest("tbody td");
    if (!cell || cell.title) return;
    const column = matrix.tHead.rows[0].cells[cell.cellIndex].textContent;
    cell.title = `${cell.parentElement.cells[0].textContent} in ${column}: ${fates[cell.className]}`;
  });
}

function open_target() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  if (target && target.closest("details")) target.scrollIntoView({ block: "center" });
}
window.addEventListener("hashchange", open_target);
open_target();
