// Totals, the chart over time and the working-set cliff. Chart.js is served by this server.

import { at, fill, h } from "./dom.js";

/** Colours that the colour-blind tell apart (Okabe and Ito), with lines of different dashes. */
const LINES = [
  ["hits", "#009e73", []],
  ["walks", "#0072b2", [6, 3]],
  ["minor faults", "#e69f00", [2, 2]],
  ["major faults", "#d55e00", [8, 3, 2, 3]],
  ["evictions", "#cc79a7", [1, 3]],
];

const still = matchMedia("(prefers-reduced-motion: reduce)");
let overTime = null;
let cliff = null;

function options(x) {
  const style = getComputedStyle(document.body);
  const colour = style.color;
  const grid = { color: style.getPropertyValue("--line") };
  return {
    animation: still.matches ? false : { duration: 200 },
    maintainAspectRatio: false,
    scales: {
      x: { title: { display: true, text: x, color: colour }, ticks: { color: colour }, grid },
      y: { beginAtZero: true, ticks: { color: colour, precision: 0 }, grid },
    },
    plugins: { legend: { labels: { color: colour } } },
  };
}

function line(label, data, colour, dash) {
  return { label, data, borderColor: colour, backgroundColor: colour, borderDash: dash, pointRadius: 2, borderWidth: 2 };
}

/** Shows the totals and the chart over time. */
export function showFigures(state) {
  const f = state.figures;
  const items = [
    ["accesses", f.accesses], ["TLB hits", f.hits], ["page walks", f.walks], ["words read", f.words],
    ["minor faults", f.minor], ["major faults", f.major], ["evictions", f.evictions], ["copies", f.copies],
    ["swap in / out", `${f.swapIns} / ${f.swapOuts}`],
    ["effective access time", f.nanoseconds === null ? "-" : `${Number(f.nanoseconds).toLocaleString("en")} ns`],
  ];
  fill(at("totals"), items.map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, String(value)))));
  if (!window.Chart) return;
  const labels = state.series.map((point) => point[0]);
  const sets = LINES.map(([name, colour, dash], i) => line(name, state.series.map((point) => point[i + 1]), colour, dash));
  if (overTime) {
    overTime.data.labels = labels;
    overTime.data.datasets.forEach((set, i) => { set.data = sets[i].data; });
    overTime.options = options("statement");
    overTime.update(still.matches ? "none" : undefined);
  } else {
    overTime = new window.Chart(at("over-time"), { type: "line", data: { labels, datasets: sets }, options: options("statement") });
  }
}

/** Shows faults by number of frames. */
export function showSweep(sweep, state) {
  at("sweep-box").hidden = false;
  const points = sweep.points;
  const faults = points.map((point) => point.minor + point.major);
  cliff?.destroy();
  if (window.Chart) {
    cliff = new window.Chart(at("cliff"), {
      type: "line",
      data: {
        labels: points.map((point) => point.frames),
        datasets: [
          line("faults", faults, "#d55e00", []),
          line("major faults", points.map((point) => point.major), "#0072b2", [6, 3]),
        ],
      },
      options: options(`frames (${state.machine})`),
    });
  }
  fill(at("sweep-table"), h("div", { class: "scroll", role: "group", "aria-label": "Faults by number of frames" }, h("table", { "data-table": "sweep" },
    h("caption", {}, "The same accesses with other numbers of frames"),
    h("tbody", {},
      h("tr", {}, h("th", { scope: "row" }, "frames"), points.map((point) => h("td", {}, String(point.frames)))),
      h("tr", {}, h("th", { scope: "row" }, "faults"), faults.map((count) => h("td", {}, String(count)))),
      h("tr", {}, h("th", { scope: "row" }, "of them major"), points.map((point) => h("td", {}, String(point.major))))))));
}
