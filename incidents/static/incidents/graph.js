// Makes the picture of the graph answer: picking, dimming the rest, the keyboard, saving.
//
// `chart.js` draws; this listens once it has. A picked node or edge stands in the address and fills the panel;
// everything that a pointer can do here, a link of the page or a key does as well.
"use strict";
(() => {
  const KEYS = { f: "focus", e: "expand", x: "fail" };
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const SAMPLES = 14;

  const canvasOf = (holder) => holder.querySelector(".canvas");
  const toldOf = (holder) => JSON.parse(document.getElementById(holder.dataset.chart).textContent);
  const nodeTrace = (canvas) => canvas.data.findIndex((trace) => trace.ids && trace.marker.symbol);
  const isEdge = (id) => id.includes(" ");

  // A state of one picture: what it told, and what is picked in it.
  const states = new WeakMap();

  function ready(holder) {
    const told = toldOf(holder);
    const canvas = canvasOf(holder);
    const isNew = !states.has(canvas);
    const state = states.get(canvas) ?? { picked: told.picked, nodes: told.nodes };
    states.set(canvas, state);
    for (const hidden of document.querySelectorAll(".script-only")) hidden.hidden = false;
    dim(canvas, state);
    if (!isNew) return;
    canvas.on("plotly_click", ({ points }) => {
      if (points[0].id) pick(holder, canvas, state, points[0].id);
    });
    canvas.addEventListener("keydown", (event) => press(event, holder, canvas, state));
    canvas.addEventListener("blur", () => Plotly.Fx.unhover(canvas));
  }

  // The edge as the server draws it: level where it leaves and where it arrives.
  function curve(from, to) {
    const bend = Math.abs(from.x - to.x) > 0.01 ? (from.x + to.x) / 2 : from.x + 0.5;
    return Array.from({ length: SAMPLES + 1 }, (_, step) => {
      const t = step / SAMPLES;
      const s = 1 - t;
      const [a, b, c, d] = [s ** 3, 3 * s * s * t, 3 * s * t * t, t ** 3];
      return [a * from.x + (b + c) * bend + d * to.x, -((a + b) * from.y + (c + d) * to.y)];
    });
  }

  function near(state) {
    if (isEdge(state.picked)) {
      const ends = state.picked.split("|").map((key) => key.split(" "));
      return new Set([ends[0][0], ends.at(-1)[2]]);
    }
    return new Set([state.picked, ...(state.nodes[state.picked]?.beside ?? [])]);
  }

  // Fading is the page's own: Plotly would draw everything again for it.
  function dim(canvas, state) {
    const trace = nodeTrace(canvas);
    if (trace < 0) return;
    const { ids } = canvas.data[trace];
    const kept = state.picked ? near(state) : new Set(ids);
    const isAny = ids.some((id) => kept.has(id)) && ids.some((id) => !kept.has(id));
    const lit = (id) => !isAny || kept.has(id);
    const joins = (key) => lit(key.split(" ")[0]) && lit(key.split(" ")[2]);
    canvas.classList.toggle("dimmed", isAny);
    canvas.querySelectorAll(".scatterlayer > .trace").forEach((group, number) => {
      const told = canvas.data[number].ids;
      if (!told) return group.classList.toggle("faint", isAny);
      const shows = number === trace ? lit : (id) => id.split("|").some(joins);
      for (const marks of [".point", ".textpoint"]) {
        group.querySelectorAll(marks).forEach((mark, n) => mark.classList.toggle("faint", !shows(told[n])));
      }
    });
    light(canvas, state, kept, isAny);
  }

  // The edges of what is picked, once more and unfaded, beneath the nodes.
  function light(canvas, state, kept, isAny) {
    const [one, ...others] = kept;
    const ends = isAny && one ? others.filter((id) => state.nodes[id] && state.nodes[one]) : [];
    const points = ends.flatMap((id) => {
      const [left, right] = [state.nodes[one], state.nodes[id]].sort((a, b) => a.x - b.x);
      return [...curve(left, right), [null, null]];
    });
    canvas.querySelector("[data-lit]")?.remove();
    if (!points.length) return;
    const { xaxis, yaxis } = canvas._fullLayout;
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.dataset.lit = "";
    let move = "M";
    path.setAttribute("d", points.map(([x, y]) => {
      if (x === null) { move = "M"; return ""; }
      const told = `${move}${xaxis.d2p(x)},${yaxis.d2p(y)}`;
      move = "L";
      return told;
    }).join(""));
    canvas.querySelector(".scatterlayer")?.prepend(path);
  }

  function address(change) {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(change)) query.set(name, value);
    return `?${query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",")}`;
  }

  function pick(holder, canvas, state, id) {
    state.picked = id;
    dim(canvas, state);
    const query = address({ pick: id });
    history.replaceState(history.state, "", query);
    htmx.ajax("GET", holder.dataset.graph + query, { target: "#panel", swap: "outerHTML" });
    tell(holder, canvas, id);
  }

  function tell(holder, canvas, id) {
    const trace = canvas.data.find((one) => one.ids?.includes(id));
    const words = trace?.hovertext[trace.ids.indexOf(id)] ?? "";
    const beside = states.get(canvas).nodes?.[id]?.beside.length;
    const edges = beside === undefined ? "" : `, ${beside} edge${beside === 1 ? "" : "s"} in sight`;
    holder.querySelector("[data-told]").textContent = words.replaceAll("<br>", ", ") + edges;
  }

  // What a pointer on the node would read: not every name has room in the picture.
  function point(canvas, id) {
    const curveNumber = nodeTrace(canvas);
    Plotly.Fx.hover(canvas, [{ curveNumber, pointNumber: canvas.data[curveNumber].ids.indexOf(id) }]);
  }

  function press(event, holder, canvas, state) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (STEPS[event.key]) {
      event.preventDefault();
      const next = beside(state, STEPS[event.key]);
      if (!next) return;
      state.picked = next;
      dim(canvas, state);
      tell(holder, canvas, next);
      point(canvas, next);
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(holder, canvas, state, state.picked);
    } else if (KEYS[event.key]) {
      event.preventDefault();
      act(holder, canvas, state, KEYS[event.key]);
    }
  }

  // The panel's own links do it: they are there without a script as well.
  async function act(holder, canvas, state, name) {
    const query = address({ pick: state.picked });
    await htmx.ajax("GET", holder.dataset.graph + query, { target: "#panel", swap: "outerHTML" });
    document.querySelector(`#panel [data-act="${name}"]`)?.click();
  }

  // The nearest node that way: what lies aside counts double.
  function beside(state, [dx, dy]) {
    const here = state.nodes[state.picked] ?? { x: 0, y: 0 };
    const far = ({ x, y }) => {
      const [ahead, aside] = dx ? [(x - here.x) * dx * 4, y - here.y] : [(y - here.y) * dy, (x - here.x) * 8];
      return ahead > 0.01 ? ahead + 2 * Math.abs(aside) : Infinity;
    };
    const [id, place] = Object.entries(state.nodes).reduce(
      (best, one) => (far(one[1]) < far(best[1]) ? one : best),
      ["", { x: NaN, y: NaN }],
    );
    return Number.isFinite(far(place)) ? id : "";
  }

  async function save(format, holder) {
    const canvas = canvasOf(holder);
    const paper = getComputedStyle(document.body).backgroundColor;
    const { width, height } = canvas.getBoundingClientRect();
    const layout = { ...canvas.layout, paper_bgcolor: paper, plot_bgcolor: paper };
    const url = await Plotly.toImage({ data: canvas.data, layout }, { format, width, height, scale: 2 });
    const link = document.createElement("a");
    link.href = url;
    link.download = `faultline-graph.${format}`;
    link.click();
  }

  document.addEventListener("drawn", ({ target }) => {
    if (target.matches("[data-graph]")) ready(target);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-save]");
    const id = button?.closest("[data-saves]").dataset.saves;
    if (button) save(button.dataset.save, document.querySelector(`[data-chart="${id}"]`));
    if (target.closest("[data-copy]")) navigator.clipboard.writeText(location.href);
  });
})();
