// Times are UTC. On demand each <time datetime> is told in the reader's zone instead; the choice stays here.
"use strict";
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "local time";
  const format = new Intl.DateTimeFormat("sv-SE", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const clock = new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit" });
  let isLocal = false;
  try {
    isLocal = localStorage.getItem("zone") === "local";
  } catch {
    // Nothing is kept: UTC.
  }

  function tell(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      time.dataset.utc ??= time.textContent;
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const text = "clock" in time.dataset ? clock.format(at) : format.format(at);
      time.textContent = isLocal ? text : time.dataset.utc;
      time.title = isLocal ? `${time.dateTime} (UTC)` : `${format.format(at)} ${zone}`;
    }
  }

  function show() {
    const button = document.querySelector("[data-zone-switch]");
    button.hidden = false;
    button.querySelector("[data-zone-name]").textContent = isLocal ? zone.split("/").pop().replace("_", " ") : "UTC";
    button.setAttribute("aria-label", `Times in ${isLocal ? zone : "UTC"}. Change`);
    tell(document);
  }

  show();
  document.querySelector("[data-zone-switch]").addEventListener("click", () => {
    isLocal = !isLocal;
    try {
      localStorage.setItem("zone", isLocal ? "local" : "utc");
    } catch {
      // A browser that keeps nothing still changes this page.
    }
    show();
  });
  document.addEventListener("htmx:load", (event) => tell(event.target));
})();
