// The hardware view: TLBs, paging-structure caches, registers, frames, swap.

import { at, fill, h } from "./dom.js";

const SWITCHES = [
  ["cr0.wp", "WP", "supervisor-mode writes respect R/W"],
  ["efer.nxe", "NXE", "XD forbids instruction fetches"],
  ["cr4.smep", "SMEP", "no supervisor-mode fetches from user pages"],
  ["cr4.smap", "SMAP", "no supervisor-mode data accesses to user pages with AC = 0"],
  ["cr4.pke", "PKE", "protection keys of user pages count"],
  ["cr4.pcide", "PCIDE", "what the TLB holds is tagged with a PCID"],
  ["cr4.pge", "PGE", "global pages survive a load of CR3"],
];

/** Shows all of it. */
export function showHardware(page, act) {
  const { state } = page;
  const focused = document.activeElement?.id;
  fill(at("hardware-body"),
    state.tlbs.map(tlb),
    Object.entries(state.pagingStructureCaches).map(([name, entries]) => cache(name, entries)),
    registers(state.registers, act),
    frames(state),
    swap(state.swap));
  if (focused) at(focused)?.focus();
}

function table(name, caption, heads, rows, empty) {
  return h("div", { class: "scroll", role: "group", "aria-label": caption },
    h("table", { "data-table": name }, h("caption", {}, caption),
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, rows.length ? rows : h("tr", {}, h("td", { colspan: heads.length, class: "none" }, empty)))));
}

const row = (cells, name = "") => h("tr", { class: name }, cells.map((cell) => h("td", {}, cell)));

function rights(entry) {
  return `${entry.user ? "U" : "S"} ${entry.writable ? "W" : "R"}${entry.executable ? "X" : ""}`;
}

function tlb(one) {
  const rows = one.entries.map((entry) => row([
    `${entry.set}/${entry.way}`, entry.address, entry.physical, String(entry.pcid),
    `${rights(entry)}${entry.dirty ? " D" : ""}${entry.global ? " G" : ""}${entry.key ? ` key ${entry.key}` : ""}`,
    String(entry.age), entry.stale ? "stale!" : "",
  ], entry.stale ? "stale" : ""));
  return table(`tlb ${one.name}`, `${one.name}: ${one.used} of ${one.sets * one.ways} entries (${one.sets} set${one.sets === 1 ? "" : "s"} of ${one.ways} ways)`,
    ["set/way", "linear", "physical", "PCID", "rights", "age", "stale?"], rows, "empty");
}

function cache(name, entries) {
  return table(`cache ${name}`, `Paging-structure cache: ${name}`, ["set/way", "linear", "table", "PCID", "rights", "age"],
    entries.map((entry) => row([`${entry.set}/${entry.way}`, entry.address, entry.table, String(entry.pcid), rights(entry), String(entry.age)])),
    "empty");
}

function registers(now, act) {
  const names = ["cr0", "cr2", "cr3", "cr4", "efer", "pkru"];
  return h("div", { class: "registers" },
    h("h3", {}, "Registers"),
    h("dl", {}, names.map((name) => [h("dt", {}, name.toUpperCase()), h("dd", {}, now[name])]).flat(),
      h("dt", {}, "PCID"), h("dd", {}, String(now.pcid))),
    h("div", { class: "switches" }, SWITCHES.filter(([name]) => name !== "cr4.pke" || now.keys).map(([name, short, meaning]) =>
      h("button", {
        type: "button", role: "switch", id: `switch-${short}`, "aria-checked": String(now[name] === 1), title: meaning,
        onclick: () => act((machine) => machine.register(name, String(1 - now[name]))),
      }, `${short} ${now[name]}`))),
    now.keys ? pkru(act) : null,
    h("div", { class: "switches" },
      h("button", { type: "button", id: "flush", onclick: () => act((machine) => machine.statements(["flush"])) }, "Load CR3 anew"),
      h("button", { type: "button", id: "flush-all", onclick: () => act((machine) => machine.statements(["flush all"])) }, "INVPCID all"),
      h("button", { type: "button", id: "tick", onclick: () => act((machine) => machine.statements(["tick"])) }, "Timer tick")));
}

function pkru(act) {
  return h("form", {
    onsubmit: (event) => {
      event.preventDefault();
      const { value } = event.target.elements.value;
      act((machine) => machine.register("pkru", value));
    },
  }, h("label", {}, "WRPKRU ", h("input", { id: "pkru-value", name: "value", placeholder: "0x8", size: "10", autocomplete: "off" })), h("button", { id: "pkru-write", type: "submit" }, "Write"));
}

function frames(state) {
  const limit = state.frameLimit === null ? "" : `, ${state.resident} of ${state.frameLimit} for pages of processes`;
  const rows = state.frames.filter((frame) => frame.kind !== "kernel").map((frame) => row([
    frame.frame, frame.kind, String(frame.references), String(frame.mappings),
    frame.mappers.join(", "), frame.lru === null || frame.lru === undefined || frame.kind === "table" ? "" : String(frame.lru), frame.flags.join(", "),
  ], frame.kind));
  return table("frames", `Frames in use${limit} (used: 0 is the one used last)`, ["frame", "kind", "refs", "maps", "mapped by", "used", "flags"], rows, "none");
}

function swap(slots) {
  return table("swap", "Swap slots in use", ["slot", "entries", "owners", "in swap cache"],
    slots.map((slot) => row([String(slot.slot), String(slot.entries), slot.owners.join(", "), slot.cached ?? ""])), "none");
}
