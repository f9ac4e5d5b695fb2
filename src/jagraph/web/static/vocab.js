// The ontology's filter: hides what does not contain the words; headings stay with what is left.
const form = document.getElementById("filter");
const wanted = document.getElementById("wanted");
const shown = document.getElementById("shown");
const entries = [...document.querySelectorAll(".entry")].map((entry) => [entry, entry.dataset.find.toLowerCase()]);

function filter() {
  const words = wanted.value.toLowerCase().split(/\s+/u).filter(Boolean);
  let count = 0;
  for (const [entry, text] of entries) {
    entry.hidden = !words.every((word) => text.includes(word));
    if (!entry.hidden) count += 1;
  }
  for (const section of document.querySelectorAll(".entries section")) {
    section.hidden = !section.querySelector(".entry:not([hidden])");
  }
  shown.textContent = words.length ? shown.dataset.words.replace("{count}", count) : "";
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
wanted.addEventListener("input", filter);
