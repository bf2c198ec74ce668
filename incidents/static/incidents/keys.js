// "/" goes to the words to look for: those of the list on the page, else of the whole record. "j" and "k" go
// to the next and the previous row of a list. Escape leaves the menu.
"use strict";
(() => {
  const WRITING = "input, select, textarea, [contenteditable]";
  const isSeen = (element) => element.checkVisibility();

  function search() {
    const found = ["[data-words]", "[data-search]"].map((name) => [...document.querySelectorAll(name)]);
    const boxes = found.flat();
    const menu = document.querySelector("[data-menu]");
    if (!boxes.some(isSeen) && menu) menu.open = true;
    const box = boxes.find(isSeen);
    box?.focus();
    box?.select();
  }

  function step(by) {
    const rows = [...document.querySelectorAll("[data-row]")].filter(isSeen);
    if (!rows.length) return;
    const here = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(here + by, 0), rows.length - 1)].focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const menu = event.target.closest?.("[data-menu][open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (event.target.closest?.(WRITING)) return;
    if (event.key === "/") {
      event.preventDefault();
      search();
    } else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });
})();
