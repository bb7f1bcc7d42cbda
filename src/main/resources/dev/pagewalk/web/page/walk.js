// The translation view: the address in fields, a table for each level, the entry bit by bit, the steps, the outcome.

import { at, fill, h, rove, say } from "./dom.js";

/** How many steps are shown; null for all. */
let stepping = null;
let shownFor = "";
let alsoInvlpg = false;
/** Levels whose table the reader has opened or closed; the lowest is open from the start. */
const opened = new Map();

/** Shows the walk of the chosen address. */
export async function showWalk(page, act) {
  const { process, address, kind, as } = page.chosen;
  if (!process) {
    fill(at("walk"), h("p", {}, "No process is alive."));
    return;
  }
  const walk = await page.machine.walk(process, address, kind, as);
  const name = `${process} ${address} ${kind} ${page.state.position}`;
  if (name !== shownFor) stepping = null;
  shownFor = name;
  draw(walk, page, act);
}

function draw(walk, page, act) {
  const again = () => draw(walk, page, act);
  const shown = stepping === null ? walk.steps.length : stepping;
  const focused = document.activeElement?.id;
  fill(at("walk"),
    happened(page),
    h("h3", { class: "address" }, "What a walk of the tables says now, if ", page.chosen.as === "user" ? "" : "the kernel for ",
      `${walk.process} ${verb(walk.kind)} `, h("code", {}, walk.address), page.chosen.as === "supervisor-ac" ? " with AC = 1" : ""),
    h("div", { class: "fields", role: "list", "aria-label": "Fields of the linear address" }, walk.fields.map(field)),
    steps(walk, shown, again),
    h("div", { class: "tables" }, walk.tables.map((table, i) => drawTable(table, i, walk, shown, page, act))),
    h("p", { id: "bit-help", class: "help", role: "status" }, "Point at a bit, or move to it, to be told what it does; press it to flip it in memory."),
    shown === walk.steps.length ? outcome(walk.outcome, "Outcome") : null);
  at("walk").querySelectorAll(".bits").forEach((bits) => rove(bits, "button", () => 16));
  if (focused) at(focused)?.focus();
}

const verb = (kind) => ({ read: "reads", write: "writes", fetch: "fetches from" })[kind];

function field(part) {
  const binary = part.value.toString(2).padStart(part.high - part.low + 1, "0");
  const digits = part.name === "sign" ? `0x${part.value.toString(16).padStart(4, "0")}` : binary;
  return h("div", { class: "field", role: "listitem" },
    h("span", { class: "name" }, part.name),
    h("span", { class: "digits" }, digits),
    h("span", { class: "value" }, `${part.high}:${part.low} = ${part.value}`));
}

function steps(walk, shown, again) {
  const go = (to) => { stepping = to; again(); };
  return h("details", { class: "steps", open: true },
    h("summary", {}, `The walk, one read at a time (${shown} of ${walk.steps.length})`),
    h("div", { class: "buttons" },
      h("button", { id: "step-first", type: "button", onclick: () => go(0) }, "From the start"),
      h("button", { id: "step-next", type: "button", disabled: shown >= walk.steps.length, onclick: () => go(shown + 1) }, "Step"),
      h("button", { id: "step-all", type: "button", onclick: () => go(null) }, "All")),
    stepList(walk.steps.slice(0, shown)));
}

/** Steps as a list; of each read, the rights that are left so far. */
function stepList(list) {
  return h("ol", { class: "step-list", "aria-live": "polite" }, list.map((step) =>
    h("li", { class: step.type }, step.lines.map((line) => h("code", {}, line.trim())),
      step.soFar ? h("span", { class: "so-far" }, `so far: ${step.soFar}`) : null)));
}

function drawTable(table, index, walk, shown, page, act) {
  const reads = walk.steps.slice(0, shown).filter((step) => step.type === "read").length;
  const leaf = index === walk.tables.length - 1;
  const stepped = shown < walk.steps.length;
  const now = stepped && index === reads - 1;
  const open = stepped ? now : opened.get(table.level) ?? leaf;
  return h("details", {
    class: `table ${index < reads ? "" : "later"} ${now ? "now" : ""}`, open, "data-level": table.level,
    ontoggle: (event) => { if (!stepped && event.target.open !== open) opened.set(table.level, event.target.open); },
  },
    h("summary", {}, h("strong", {}, `${table.name}[${table.index}]`), ` of the table at ${table.table} = `,
      h("code", {}, table.entry)),
    h("p", {}, table.meaning.join(" ")),
    h("p", { class: "used" }, "Entries of this table that are not 0: ",
      table.used.map((one) => h("code", { class: one.index === table.index ? "here" : "" }, `${one.index}: ${one.entry} `))),
    h("div", { class: "bits", role: "group", "aria-label": `Bits of the ${table.name}` },
      table.bits.map((part) => bitField(part, table, page, act))),
    h("label", {}, h("input", {
      type: "checkbox", class: "with-invlpg", checked: alsoInvlpg,
      onchange: (event) => { alsoInvlpg = event.target.checked; },
    }), " and INVLPG after a flip"));
}

function bitField(part, table, page, act) {
  const width = part.high - part.low + 1;
  const value = BigInt(part.value);
  const bits = [];
  for (let bit = part.high; bit >= part.low; bit--) {
    bits.push(oneBit(bit, Number((value >> BigInt(bit - part.low)) & 1n), part, table, page, act));
  }
  const position = width === 1 ? `${part.high}` : `${part.high}:${part.low}`;
  return h("div", { class: `bit-field ${part.role}` },
    h("span", { class: "bit-name" }, part.name), h("span", { class: "bit-row" }, bits),
    h("span", { class: "bit-position" }, position));
}

function oneBit(bit, value, part, table, page, act) {
  const what = `${part.name}, bit ${bit} = ${value}: ${part.meaning}.`;
  const flip = part.flip ? ` Flipped: ${part.flip}.` : "";
  const tell = () => { at("bit-help").textContent = what + flip; };
  return h("button", {
    type: "button", class: "bit", id: `bit-${table.level}-${bit}`, "data-bit": bit,
    tabindex: bit === 0 ? "0" : "-1", "aria-label": what + flip,
    onmouseenter: tell, onfocus: tell,
    onclick: () => act((machine) => machine.bit({
      process: page.chosen.process, address: page.chosen.address, level: table.level, bit, invlpg: alsoInvlpg,
    })),
  }, String(value));
}

function outcome(result, title) {
  return h("div", { class: `outcome ${result.fault ? "fault" : "ok"}` },
    h("h3", {}, title), h("p", {}, result.text), errorBits(result));
}

/** The error code of a page fault: its bits, and what they say. */
function errorBits(result) {
  if (!result.bits) return null;
  return h("div", {},
    h("p", {}, `Error code ${result.error}, bit by bit:`),
    h("ul", { class: "error-bits" }, result.bits.map((bit) =>
      h("li", { class: bit.value ? "one" : "", title: bit.meaning },
        h("span", { class: "bit-name" }, bit.name), " ", h("span", { class: "digit" }, String(bit.value))))),
    h("p", {}, result.sentences.join(" ")));
}

/** What the last access really did: it may have met the TLB, and the kernel. */
function happened(page) {
  const report = page.report;
  if (!report?.attempts?.length) return null;
  return h("div", { class: `happened ${report.outcome}` }, h("h3", {}, `Done: ${report.statement}`),
    h("ol", {}, report.attempts.map((attempt) =>
      h("li", {},
        h("span", { class: `tlb ${attempt.tlb}` }, { hit: "TLB hit", miss: "TLB miss: page walk", none: "refused before the TLB" }[attempt.tlb]),
        attempt.stale ? h("strong", { class: "stale" }, " stale: the tables say otherwise") : "",
        ` \u2192 ${attempt.outcome.text}. `,
        errorBits(attempt.outcome),
        attempt.kernel.length ? h("p", { class: "kernel" }, h("strong", {}, "The kernel: "), attempt.kernel.join(" ")) : null,
        attempt.tlb === "miss" ? h("details", { class: "steps" }, h("summary", {}, "This walk"), stepList(attempt.steps)) : null))),
    report.signal ? h("p", { class: "signal" }, `It ends in ${report.signal}.`) : null);
}
