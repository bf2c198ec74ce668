// The reader's choice of light, dark or as the system has it. Loaded before the page is drawn, so that it
// does not flash; the choice stays in this browser.
"use strict";
(() => {
  const root = document.documentElement;
  const names = { "": "Auto", light: "Light", dark: "Dark" };
  const order = ["", "light", "dark"];
  const stored = () => {
    try {
      return localStorage.getItem("theme") || "";
    } catch {
      return "";
    }
  };
  let choice = order.includes(stored()) ? stored() : "";

  function show() {
    if (choice) root.dataset.theme = choice;
    else delete root.dataset.theme;
    const button = document.querySelector("[data-theme-switch]");
    if (!button) return;
    button.hidden = false;
    button.querySelector("[data-theme-name]").textContent = names[choice];
    button.setAttribute("aria-label", `Colours: ${names[choice]}. Change`);
  }

  function change() {
    choice = order[(order.indexOf(choice) + 1) % order.length];
    try {
      localStorage.setItem("theme", choice);
    } catch {
      // A browser that keeps nothing still changes this page.
    }
    show();
    document.dispatchEvent(new Event("themechange"));
  }

  show();
  document.addEventListener("DOMContentLoaded", () => {
    show();
    document.querySelector("[data-theme-switch]").addEventListener("click", change);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    document.dispatchEvent(new Event("themechange")),
  );
})();
