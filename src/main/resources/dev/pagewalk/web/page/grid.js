// The address spaces: a tab for each process, a button for each page.

import { at, fill, h, rove } from "./dom.js";

const MODES = [
  ["read", "reads (Enter, R)"],
  ["write", "writes (Shift, W)"],
  ["fetch", "fetches (Alt, X)"],
  ["look", "only looks (L)"],
];

/** State of a page: mark, and its name in the legend. The mark, not the colour alone, tells them apart. */
const STATES = {
  unmapped: ["", "unmapped"],
  untouched: ["\u00b7", "demand-zero"],
  "untouched-file": ["\u00b7f", "not yet read"],
  zero: ["0", "page of zeroes"],
  "read-only": ["R", "read-only"],
  writable: ["W", "writable"],
  cow: ["C", "copy-on-write"],
  shared: ["S", "shared"],
  file: ["F", "file"],
  swapped: ["\u21c5", "in swap"],
  guard: ["\u2715", "guard"],
  hidden: ["H", "PROT_NONE"],
};

let wired = false;

function kindOf(event, mode) {
  if (event.shiftKey) return "write";
  if (event.altKey) return "fetch";
  return mode;
}

/** Shows the tabs and the chosen process's pages. */
export function showSpace(page, act) {
  showModes(page);
  const { processes } = page.state;
  const chosen = processes.find((process) => process.name === page.chosen.process);
  fill(at("tabs"), processes.map((process) => tab(process, page, act)));
  const focused = document.activeElement?.dataset?.page;
  fill(at("pages"), chosen ? chosen.pages.map((one) => button(one, chosen, page, act)) : "No process is alive.");
  if (focused) at("pages").querySelector(`[data-page="${focused}"]`)?.focus();
  const present = new Set(chosen ? chosen.pages.map((one) => one.state) : []);
  fill(at("legend"), [...present].map((state) =>
    h("li", {}, h("span", { class: `key ${state}` }, STATES[state][0]), ` ${STATES[state][1]}`)),
    h("li", {}, "A accessed, D dirty, +B: B maps the frame too"));
  if (!wired) {
    wired = true;
    rove(at("pages"), "button", columns);
    rove(at("tabs"), "button", () => 1);
  }
}

function columns() {
  const buttons = [...at("pages").querySelectorAll("button")];
  const top = buttons[0]?.offsetTop;
  return Math.max(1, buttons.filter((button) => button.offsetTop === top).length);
}

function showModes(page) {
  const modes = at("modes");
  if (modes.querySelector("input")) return;
  modes.append(...MODES.map(([mode, text]) =>
    h("label", {}, h("input", {
      type: "radio", name: "mode", value: mode, checked: mode === page.mode,
      onchange: () => { page.mode = mode; },
    }), ` ${text}`)));
}

function tab(process, page, act) {
  const selected = process.name === page.chosen.process;
  return h("button", {
    type: "button", role: "tab", "aria-selected": String(selected), "aria-controls": "pages",
    tabindex: selected ? "0" : "-1",
    onclick: () => { page.chosen.process = process.name; act(async () => null); },
  }, `${process.name}${process.running ? " (runs)" : ""}`);
}

function button(one, process, page, act) {
  const chosen = BigInt(one.address) === (BigInt(page.chosen.address) & ~0xfffn);
  const [mark, name] = STATES[one.state];
  const label = `page ${one.address}: ${one.text}`;
  const go = (kind) => {
    page.chosen = { process: process.name, address: one.address, kind: kind === "look" ? page.chosen.kind : kind, as: "user" };
    act((machine) => kind === "look" ? null : machine.access({
      process: process.name, kind, address: one.address,
      value: kind === "write" ? String((page.state.position * 7 + 1) % 256) : undefined,
    }));
  };
  const keys = { r: "read", w: "write", x: "fetch", l: "look" };
  return h("button", {
    type: "button", class: `page ${one.state}`, "data-page": one.address, "data-state": one.state,
    tabindex: chosen ? "0" : "-1", "aria-pressed": String(chosen), "aria-label": label, title: label,
    onclick: (event) => go(kindOf(event, page.mode)),
    onkeydown: (event) => {
      const kind = keys[event.key.toLowerCase()];
      const enter = event.key === "Enter" && (event.shiftKey || event.altKey);
      if ((kind && !event.ctrlKey && !event.metaKey) || enter) {
        event.preventDefault();
        go(kind ?? kindOf(event, page.mode));
      }
    },
  },
  h("span", { class: "number" }, one.address),
  h("span", { class: "mark" }, mark),
  h("span", { class: "state" }, name),
  h("span", { class: "extra" },
    one.frame ? `frame ${one.frame}` : "",
    one.shared.length ? ` +${one.shared.join(",")}` : ""),
  h("span", { class: "extra" }, [one.accessed ? "A" : "", one.dirty ? "D" : ""].join(" ")));
}
