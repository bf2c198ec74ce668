/* The slider over what was public when: it tells the moment while it moves, and goes there once it rests.
   Without this file the form sends the position, and the server answers with the same address. */

for (const form of document.querySelectorAll("[data-slide]")) {
  const range = form.querySelector("input[type=range]");
  const text = form.querySelector("[data-slide-text]");
  const stamps = form.dataset.stamps.split(" ").filter(Boolean);
  const address = () => {
    const stamp = stamps[Number(range.value)];
    return form.getAttribute("action") + (stamp ? `?at=${stamp}` : "");
  };
  const told = () => {
    const stamp = stamps[Number(range.value)];
    return stamp ? `${stamp.slice(0, 10)} ${stamp.slice(11, 16)} UTC` : "now";
  };
  const start = range.value;
  range.addEventListener("input", () => {
    text.textContent = told();
    range.setAttribute("aria-valuetext", told());
  });
  // A keyboard moves it step by step: it goes when somebody asks for it, by Enter or the button.
  range.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      location.assign(address());
    }
  });
  range.addEventListener("pointerup", () => {
    if (range.value !== start) {
      location.assign(address());
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(address());
  });
}

/* A link into a folded part opens it. */
const unfold = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  for (let part = target; part; part = part.parentElement) {
    if (part.tagName === "DETAILS") {
      part.open = true;
    }
  }
};
addEventListener("hashchange", unfold);
unfold();
