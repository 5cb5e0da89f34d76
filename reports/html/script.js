// The index: tiles filter by verdict, the field by text. Without this file every row stays visible.
const rows = [...document.querySelectorAll("#cases tbody tr")];
const tiles = [...document.querySelectorAll(".tile")];
const search = document.getElementById("search");
let chosen = "";

function apply() {
  const words = search ? search.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
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
