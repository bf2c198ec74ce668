// Keys of the desk: "i" puts the drawer's moment in hand into the timeline, Ctrl or Cmd with "s" saves the part.
"use strict";
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    const form = event.target.closest("form[data-part]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.key !== "i") return;
  if (event.target.closest("input, select, textarea")) return;
  const item = document.activeElement?.closest("[data-item]");
  item?.querySelector("button:not(:disabled)")?.click();
});
