// The classroom's page: keeps one machine of the server, shows its state, and sends what the reader does.

import * as api from "./api.js";
import { at, fill, h, markScrollers, say } from "./dom.js";
import { showSpace } from "./grid.js";
import { showWalk } from "./walk.js";
import { showHardware } from "./hardware.js";
import { showFigures, showSweep } from "./charts.js";
import { beginFirst, leaveLesson, showLessons, wireLessons } from "./lessons.js";
import { wireIntro } from "./intro.js";

/** All that the page knows. */
export const page = {
  machine: null,
  state: null,
  /** What the translation view shows. */
  chosen: { process: "A", address: "0x0", kind: "read", as: "user" },
  mode: "read",
  report: null,
  events: null,
  presets: [],
};

let queue = Promise.resolve();
let waiting = 0;

/** Does things one after the other; the page is marked busy until all are shown. */
function inTurn(what) {
  waiting++;
  document.body.setAttribute("aria-busy", "true");
  queue = queue.then(what).catch((problem) => say(problem.message, true)).finally(() => {
    waiting--;
    if (waiting === 0) document.body.removeAttribute("aria-busy");
  });
  return queue;
}

/** Does one thing with the machine, and shows what came of it; mistakes are told, not thrown. */
export function act(what) {
  return inTurn(async () => {
    const answer = await what(page.machine);
    const report = answer?.reports ? answer.reports.at(-1) : answer;
    if (report?.text) {
      // What is expected of an access leaves the access itself in view.
      if (!report.statement.startsWith("expect ")) page.report = report;
      follow(report);
      say(report.text, report.outcome === "failed" || report.outcome === "panic");
    } else if (answer?.moved) {
      page.report = null;
    }
    await refresh();
    if (answer?.moved) say(`The machine is as it was after ${page.state.position} statements.`);
  });
}

/** The translation view follows accesses made by statements. */
function follow(report) {
  const words = report.statement.split(" ");
  const match = /^(k?)(read|write|fetch)$/.exec(words[0]);
  if (match) {
    const as = match[1] ? (words.at(-1) === "ac" ? "supervisor-ac" : "supervisor") : "user";
    page.chosen = { process: words[1], address: words[2], kind: match[2], as };
  } else if (words[0] === "flip") {
    page.chosen = { ...page.chosen, process: words[1], address: words[2] };
  }
}

/** Fetches the state and shows everything. */
export async function refresh() {
  page.state = await page.machine.state();
  const names = page.state.processes.map((process) => process.name);
  if (!names.includes(page.chosen.process)) page.chosen.process = names[0] ?? null;
  showAbout();
  showSpace(page, act);
  showHardware(page, act);
  showFigures(page.state);
  showLog();
  await showWalk(page, act);
  await showLessons(page, open);
  markScrollers();
  remember();
}

function showAbout() {
  const state = page.state;
  // A lesson has its own heading and says what to do.
  at("about").hidden = state.title.startsWith("Lesson: ") && !state.watch;
  at("about-title").textContent = state.title || "A machine of your own";
  fill(at("watch"), state.watch ? h("strong", {}, "Watch: ") : "", state.watch);
  fill(at("surprise"), state.surprise ? h("strong", {}, "The surprise: ") : "", state.surprise);
  fill(at("waiting"), state.waiting ? "Next step: " : "", state.waiting ? h("code", {}, state.waiting) : "");
  at("preset").value = state.preset;
  at("next").disabled = !state.waiting;
  at("next").classList.toggle("primary", Boolean(state.waiting));
  at("play").disabled = !state.waiting;
  at("undo").disabled = state.undoable === 0;
  at("redo").disabled = state.redoable === 0;
  document.title = `${state.title || "Machine"} - Pagewalk`;
}

function showLog() {
  const log = at("log");
  fill(log, page.state.log.map((line) =>
    h("li", { value: line.number, class: `line ${line.outcome} ${line.marks.join(" ")}` },
      h("code", {}, line.statement), " ", line.text)));
  log.scrollTop = log.scrollHeight;
}

/** Keeps in the address bar what reopens this very state. */
function remember() {
  const state = page.state;
  const query = new URLSearchParams();
  if (state.preset) query.set("preset", state.preset);
  else query.set("scenario", state.scenario);
  if (state.preset && state.position < state.setup) query.set("undo", state.setup - state.position);
  if (state.preset && state.added.length > 0) query.set("do", state.added.join("\n"));
  const hash = `#${query}`;
  if (hash.length < 30000) history.replaceState(null, "", hash);
}

/** Opens a machine in place of the one there is. */
export function open(wanted, undo = 0) {
  return inTurn(async () => {
    const old = page.machine;
    const state = await api.create(wanted);
    page.events?.close();
    page.machine = new api.Machine(state.id);
    document.body.dataset.machine = state.id;
    page.report = null;
    page.chosen = { process: "A", address: firstAddress(state), kind: "read", as: "user" };
    for (let i = 0; i < undo; i++) await page.machine.undo();
    await refresh();
    listen();
    old?.remove().catch(() => {});
  });
}

function firstAddress(state) {
  return state.processes[0]?.pages.find((one) => one.state !== "unmapped")?.address ?? "0x0";
}

/**
 * Shows what another window does to the same machine. Browsers open few connections to a server, and a page that
 * nobody looks at should not hold one of them.
 */
function listen() {
  page.events?.close();
  page.events = null;
  if (document.hidden || !page.machine) return;
  page.events = new EventSource(page.machine.eventsAddress());
  page.events.addEventListener("machine", (event) => {
    const news = JSON.parse(event.data);
    if (news.event !== "closed" && news.changes > page.state.changes) catchUp(news.changes);
  });
}

/**
 * Fetches what has happened until the machine had changed so often, unless it is shown by then: the page's own deeds
 * are told to it too. A machine that has ended is made anew from the address bar.
 */
function catchUp(changes = Infinity) {
  return inTurn(async () => {
    try {
      if (changes <= page.state.changes) return;
      await refresh();
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      openFromAddress();
    }
  });
}

/** A page that is left gives its machine back; one that is come back to has it again. */
function wireVisibility() {
  document.addEventListener("visibilitychange", () => {
    listen();
    if (!document.hidden && page.machine) catchUp();
  });
  addEventListener("pagehide", () => {
    page.events?.close();
    page.machine?.abandon();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) openFromAddress();
  });
}

async function openFromAddress() {
  const query = new URLSearchParams(location.hash.slice(1));
  const statements = query.get("do")?.split("\n") ?? [];
  if (query.get("scenario")) {
    await open({ scenario: query.get("scenario") });
  } else {
    await open({ preset: query.get("preset") ?? "sequential-8", statements }, Number(query.get("undo") ?? 0));
  }
  if (!page.machine) await open({ preset: "sequential-8" });
}

function save(text) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain" })), download: "scenario.txt" });
  link.click();
  URL.revokeObjectURL(link.href);
}

function playAll() {
  return act(async (machine) => {
    const reports = [];
    for (let i = 0; i < 1000; i++) {
      const next = await machine.next();
      if (next.reports.length === 0) break;
      reports.push(...next.reports);
    }
    const failed = reports.find((report) => report.outcome === "failed");
    return failed ?? reports.findLast((report) => report.attempts.length > 0) ?? reports.at(-1) ?? null;
  });
}

function openOther(wanted) {
  leaveLesson();
  return open(wanted);
}

function wire() {
  wireVisibility();
  addEventListener("resize", markScrollers);
  wireIntro(() => beginFirst(open));
  at("preset").addEventListener("change", (event) => openOther({ preset: event.target.value }));
  at("next").addEventListener("click", () => act((machine) => machine.next()));
  at("play").addEventListener("click", playAll);
  at("undo").addEventListener("click", () => act((machine) => machine.undo()));
  at("redo").addEventListener("click", () => act((machine) => machine.redo()));
  at("sweep").addEventListener("click", async () => {
    showSweep(await page.machine.sweep(), page.state);
    markScrollers();
  });
  at("export").addEventListener("click", async () =>
    save(await (await fetch(page.machine.scenarioAddress())).text()));
  at("import").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (file) await openOther({ scenario: await file.text() });
    event.target.value = "";
  });
  at("link").addEventListener("click", async () => {
    await navigator.clipboard?.writeText(location.href).catch(() => {});
    say("The link to exactly this state is in the address bar and the clipboard.");
  });
  at("statement-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const line = at("statement").value.trim();
    if (line) act((machine) => machine.statements([line]));
    at("statement").value = "";
  });
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.target.matches("input")) return;
    const move = { z: "undo", y: "redo" }[event.key.toLowerCase()];
    if (move) {
      event.preventDefault();
      act((machine) => machine[event.shiftKey ? "redo" : move]());
    }
  });
}

async function start() {
  wire();
  [page.presets] = await Promise.all([api.presets(), wireLessons()]);
  fill(at("preset"), h("option", { value: "" }, "(of your own)"),
    page.presets.map((preset) => h("option", { value: preset.name }, preset.title)));
  await openFromAddress();
  document.body.dataset.ready = "true";
  performance.mark("ready");
}

start().catch((problem) => say(problem.message, true));
