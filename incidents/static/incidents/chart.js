// Draws each [data-chart] from the figure in its json_script, in the colours of the reader's theme.
//
// A figure names colours by the hex codes of the light palette; `palette` tells which custom property each
// stands for. The picture follows theme and width; a zoom asks the server for the narrower view, so that
// counts give way to outages and the address always tells what is seen.
"use strict";
(() => {
  const PICTURE = { width: 1400, scale: 2 };
  // Of a narrow box so much, one part in three, shows what came before that at which a picture opens.
  const LED_UP_TO = 3;
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);

  function paint(token) {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  }

  function themed(value, colours) {
    if (typeof value === "string") return colours.get(value) ?? value;
    if (Array.isArray(value)) return value.map((part) => themed(part, colours));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, themed(part, colours)]));
  }

  function told(holder) {
    return JSON.parse(document.getElementById(holder.dataset.chart).textContent);
  }

  function figureOf(holder) {
    const { figure, palette } = told(holder);
    const colours = new Map(Object.entries(palette).map(([token, hex]) => [hex, paint(token)]));
    return themed(figure, colours);
  }

  async function draw(holder) {
    const { data, layout } = figureOf(holder);
    const canvas = holder.querySelector(".canvas");
    const isNew = !canvas.classList.contains("js-plotly-plot");
    // Until now an empty picture kept the room.
    if (isNew) canvas.replaceChildren();
    await Plotly.react(canvas, data, layout, { displayModeBar: false, responsive: true, doubleClick: false });
    if (isNew) listen(holder, canvas);
    if (isNew && holder.dataset.zooms) bringIntoSight(holder, data, layout);
    holder.dataset.drawn = "";
    holder.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
  }

  // Where the picture is wider than its box: all that there is to see if it has room, else what the picture says
  // is worth the first look, with what led to it; else the latest.
  function bringIntoSight(holder, data, layout) {
    const room = holder.scrollWidth - holder.clientWidth;
    if (room <= 0) return;
    const [start, end] = layout.xaxis.range.map((stamp) => Date.parse(stamp));
    const times = data.filter(({ customdata }) => customdata).flatMap(({ base, x }) => base ?? x);
    const placeOf = (stamp) => ((Date.parse(stamp) - start) / (end - start)) * holder.scrollWidth;
    const places = times.map(placeOf);
    const seen = places.filter((place) => place >= 0 && place <= holder.scrollWidth);
    if (!seen.length) return;
    const [first, last] = [Math.min(...seen), Math.max(...seen)];
    if (last - first < holder.clientWidth) holder.scrollLeft = (first + last - holder.clientWidth) / 2;
    else if (layout.meta?.opens) holder.scrollLeft = placeOf(layout.meta.opens) - holder.clientWidth / LED_UP_TO;
    else holder.scrollLeft = room;
  }

  function listen(holder, canvas) {
    canvas.on("plotly_click", ({ points }) => {
      const target = points[0].customdata;
      if (!target) return;
      if (target.includes("=")) narrow(holder, new URLSearchParams(target));
      else location.assign(holder.dataset.opens + encodeURIComponent(target) + "/");
    });
    if (!holder.dataset.zooms) return;
    // The names of the lanes stay in sight while the picture is moved sideways.
    holder.addEventListener("scroll", () => holder.style.setProperty("--moved", `${holder.scrollLeft}px`));
    canvas.on("plotly_relayout", (change) => {
      const since = change["xaxis.range[0]"];
      const until = change["xaxis.range[1]"];
      if (since && until) narrow(holder, new URLSearchParams({ since: minute(since), until: minute(until) }));
    });
    canvas.on("plotly_doubleclick", () => narrow(holder, new URLSearchParams({ since: "", until: "" })));
  }

  function minute(stamp) {
    const [day, clock = "00:00"] = stamp.split(/[ T]/);
    return `${day}T${clock.slice(0, 5).padEnd(5, ":00")}`;
  }

  // The answer names the address of what it shows, and htmx puts it into the history.
  function narrow(holder, change) {
    const query = new URLSearchParams(location.search);
    query.delete("after");
    for (const [name, value] of change) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    htmx.ajax("GET", `${location.pathname}?${query}`, { target: holder.dataset.zooms, swap: "outerHTML" });
  }

  // What is seen, as a file: on paper rather than on nothing, so that it can be read anywhere.
  async function save(button) {
    const holder = document.querySelector(`[data-chart="${CSS.escape(button.dataset.of)}"]`);
    const { data, layout } = figureOf(holder);
    const format = button.dataset.picture;
    const paper = paint("paper");
    const figure = { data, layout: { ...layout, paper_bgcolor: paper, plot_bgcolor: paper } };
    const size = { format, width: PICTURE.width, height: layout.height, scale: format === "png" ? PICTURE.scale : 1 };
    const link = document.createElement("a");
    link.href = await Plotly.toImage(figure, size);
    link.download = `faultline-timeline.${format}`;
    link.click();
  }

  function drawAll(root) {
    const inside = [...root.querySelectorAll("[data-chart]")];
    if (root.matches?.("[data-chart]")) inside.push(root);
    inside.forEach(draw);
    for (const button of root.querySelectorAll("[data-picture]")) button.hidden = false;
  }

  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.target));
  document.addEventListener("themechange", () => drawAll(document));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-picture]");
    if (button) save(button);
  });
  document.addEventListener("narrow", ({ detail }) => {
    const holder = document.querySelector("[data-zooms]");
    const stamp = (at) => new Date(at).toISOString().slice(0, 16);
    if (holder) narrow(holder, new URLSearchParams({ since: stamp(detail.start), until: stamp(detail.end) }));
  });
})();
