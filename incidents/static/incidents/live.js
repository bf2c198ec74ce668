// The part that asks for itself again: left alone while the record stands still, so that neither focus nor
// selection is lost; and how long something has gone on, told anew each minute.
"use strict";
(() => {
  const MINUTE = 60_000;
  let seen = "";

  function elapsed(milliseconds) {
    const minutes = Math.max(0, Math.floor(milliseconds / MINUTE));
    const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
    if (days) return hours ? `${days} d ${hours} h` : `${days} d`;
    if (hours) return rest ? `${hours} h ${rest} min` : `${hours} h`;
    return `${rest} min`;
  }

  function tick() {
    for (const place of document.querySelectorAll("[data-since]")) {
      place.textContent = elapsed(Date.now() - Date.parse(place.dataset.since));
    }
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.target.matches("[data-live]")) return;
    const tag = event.detail.xhr.getResponseHeader("ETag");
    if (tag && tag === seen) event.detail.shouldSwap = false;
    seen = tag ?? "";
  });
  document.addEventListener("htmx:afterSwap", tick);
  setInterval(tick, MINUTE);
  tick();
})();
