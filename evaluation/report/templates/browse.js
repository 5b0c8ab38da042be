"use strict";
// Filters, searches and unfolds the rows; without it all rows are there.
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const bodies = [...document.querySelectorAll("#browse > tbody")];
  const texts = bodies.map((body) => body.textContent.toLowerCase());
  const search = document.getElementById("search");
  const selects = [...form.querySelectorAll("select")];
  const shown = document.getElementById("shown");
  const unfold = document.getElementById("unfold");

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    bodies.forEach((body, place) => {
      const fits =
        selects.every((select) => !select.value || body.dataset[select.dataset.filter] === select.value) &&
        words.every((word) => texts[place].includes(word));
      body.hidden = !fits;
      count += fits;
    });
    shown.textContent = `${count} of ${bodies.length} shown`;
  };

  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", open);
    unfold.textContent = open ? "Fold all" : "Unfold all";
    document.querySelectorAll("#browse details").forEach((details) => (details.open = open));
  });
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
