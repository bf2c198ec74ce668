// "/" goes to the words to look for, "j" and "k" to the next and the previous row of a list.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "/") {
    const box = document.querySelector("input[name=q]");
    if (!box) return;
    event.preventDefault();
    box.closest("details")?.setAttribute("open", "");
    box.focus();
    box.select();
    return;
  }
  if (event.key !== "j" && event.key !== "k") return;
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement);
  const step = event.key === "j" ? 1 : -1;
  rows[Math.min(Math.max(here + step, 0), rows.length - 1)].focus();
});
