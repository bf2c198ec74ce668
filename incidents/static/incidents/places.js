// Back and forward between views that came without a new page: each is shown where its reader left it. The page is
// loaded anew for that, and a browser keeps the place of a page, not of the views that it held.
"use strict";
(() => {
  const SOUGHT = "place-sought";
  const RESTS = 100; // milliseconds without a scroll
  const here = () => `place ${location.pathname}${location.search}`;
  let view = here();
  let resting = 0;

  function keep() {
    clearTimeout(resting);
    sessionStorage.setItem(view, String(scrollY));
  }

  addEventListener("scroll", () => {
    clearTimeout(resting);
    resting = setTimeout(keep, RESTS);
  });
  document.addEventListener("htmx:pushedIntoHistory", () => {
    keep();
    view = here();
  });
  addEventListener("popstate", ({ state }) => {
    clearTimeout(resting);
    if (state?.htmx) sessionStorage.setItem(SOUGHT, sessionStorage.getItem(here()) ?? "0");
  });
  addEventListener("load", () => {
    const place = sessionStorage.getItem(SOUGHT);
    sessionStorage.removeItem(SOUGHT);
    if (place !== null) requestAnimationFrame(() => scrollTo(0, Number(place)));
  });
})();
