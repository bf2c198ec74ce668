// The strip of the whole record: dragging across it chooses what is seen, dragging the chosen part moves it.
// The links of the page do the same without a pointer.
"use strict";
(() => {
  const LEAST = 3_600_000;
  const EDGE = 6; // pixels that are a click, not a drag

  function begin(event) {
    const strip = event.target.closest("[data-overview]");
    if (!strip || event.button !== 0 || event.target.closest("a")) return;
    event.preventDefault();
    const box = strip.getBoundingClientRect();
    const [first, last] = [Date.parse(strip.dataset.start), Date.parse(strip.dataset.end)];
    const view = strip.querySelector("[data-view]");
    const scale = strip.viewBox.baseVal.width;
    const share = (x) => Math.min(1, Math.max(0, (x - box.left) / box.width));
    const from = share(event.clientX);
    const stood = { x: Number(view.getAttribute("x")) / scale, width: Number(view.getAttribute("width")) / scale };
    const isMoved = event.target === view && stood.width < 0.98;
    strip.setPointerCapture(event.pointerId);

    function chosen(x) {
      const to = share(x);
      if (!isMoved) return [Math.min(from, to), Math.max(from, to)];
      const start = Math.min(1 - stood.width, Math.max(0, stood.x + to - from));
      return [start, start + stood.width];
    }

    function move(moved) {
      const [start, end] = chosen(moved.clientX);
      view.setAttribute("x", start * scale);
      view.setAttribute("width", Math.max(1, (end - start) * scale));
    }

    function done(up) {
      strip.removeEventListener("pointermove", move);
      if (Math.abs(up.clientX - event.clientX) < EDGE) {
        view.setAttribute("x", stood.x * scale);
        view.setAttribute("width", stood.width * scale);
        return;
      }
      const [start, end] = chosen(up.clientX).map((part) => first + part * (last - first));
      document.dispatchEvent(new CustomEvent("narrow", { detail: { start, end: Math.max(end, start + LEAST) } }));
    }

    strip.addEventListener("pointermove", move);
    strip.addEventListener("pointerup", done, { once: true });
  }

  document.addEventListener("pointerdown", begin);
})();
