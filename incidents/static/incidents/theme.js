// The reader's choice of light, dark or as the system has it. It is a cookie, so that the server writes it
// into the page: nothing flashes, and no script stands before the first paint.
"use strict";
(() => {
  const YEAR = 365 * 24 * 60 * 60;
  const root = document.documentElement;
  const button = document.querySelector("[data-theme-switch]");
  const names = { "": "Auto", light: "Light", dark: "Dark" };
  const order = ["", "light", "dark"];

  function show() {
    const choice = root.dataset.theme ?? "";
    button.hidden = false;
    button.querySelector("[data-theme-name]").textContent = names[choice];
    button.setAttribute("aria-label", `Colours: ${names[choice]}. Change`);
  }

  button.addEventListener("click", () => {
    const choice = order[(order.indexOf(root.dataset.theme ?? "") + 1) % order.length];
    if (choice) root.dataset.theme = choice;
    else delete root.dataset.theme;
    document.cookie = `theme=${choice}; path=/; max-age=${choice ? YEAR : 0}; samesite=lax`;
    show();
    document.dispatchEvent(new Event("themechange"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    document.dispatchEvent(new Event("themechange")),
  );
  show();
})();
