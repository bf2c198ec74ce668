// Filters that a reader has opened stay open when the list beneath them is fetched anew; and where what was pressed is
// gone with the old view, the focus goes to what the new one tells first.
"use strict";
(() => {
  let wasOpen = false;
  const more = () => document.querySelector("[data-more-filters]");
  document.addEventListener("htmx:beforeSwap", () => {
    wasOpen = more()?.open ?? false;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const details = more();
    if (details && wasOpen) details.open = true;
    if (document.activeElement === document.body) document.querySelector("[data-told]")?.focus({ preventScroll: true });
  });
})();
