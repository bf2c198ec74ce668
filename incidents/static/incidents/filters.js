// Filters that a reader has opened stay open when the list beneath them is fetched anew.
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
  });
})();
