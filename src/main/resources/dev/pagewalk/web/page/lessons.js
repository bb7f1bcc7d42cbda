// The guided lessons: a question, the action that answers it, and the server's judgement of the machine's state.

import * as api from "./api.js";
import { at, fill, h, say } from "./dom.js";

let lessons = [];
let current = null;
let wasDone = false;
let shown = "";

/** Opens the list, or the lesson under way. */
export function openLessons() {
  at("lessons").hidden = false;
  at("lessons-open").setAttribute("aria-expanded", "true");
  focusFirst();
}

function focusFirst() {
  const first = at("lesson-body").querySelector("h3, button");
  first?.focus();
}

/** Begins the first lesson. */
export async function beginFirst(open) {
  await begin(lessons[0], open);
}

async function begin(lesson, open) {
  current = lesson;
  wasDone = false;
  shown = "";
  at("intro").open = false;
  openLessons();
  await open(lesson.preset ? { preset: lesson.preset } : { scenario: lesson.scenario });
  focusFirst();
}

/** Another machine has been opened than a lesson's: it is judged no longer. */
export function leaveLesson() {
  current = null;
  shown = "";
}

/** Fetches the lessons, and wires the button that shows them. */
export async function wireLessons() {
  lessons = await api.lessons();
  at("lessons-open").addEventListener("click", () => {
    if (at("lessons").hidden) {
      openLessons();
    } else {
      at("lessons").hidden = true;
      at("lessons-open").setAttribute("aria-expanded", "false");
    }
  });
}

function list(open) {
  return h("ol", { class: "lessons" }, lessons.map((lesson) =>
    h("li", {}, h("button", { type: "button", "data-lesson": lesson.name, onclick: () => begin(lesson, open) }, lesson.title))));
}

/** Shows the list, or the lesson under way and whether it is done. */
export async function showLessons(page, open) {
  const answer = current ? await page.machine.lesson(current.name) : null;
  const now = current ? `${current.name} ${answer.done}` : "list";
  if (now === shown) return;
  shown = now;
  const hadFocus = at("lesson-body").contains(document.activeElement);
  if (current) showLesson(answer.done, page, open);
  else fill(at("lesson-body"), list(open));
  if (hadFocus) focusFirst();
}

function showLesson(done, page, open) {
  const index = lessons.indexOf(current);
  const after = lessons[index + 1];
  fill(at("lesson-body"),
    h("h3", { tabindex: "-1" }, `${index + 1} of ${lessons.length}: ${current.title}`),
    h("p", { class: "question" }, current.question),
    h("p", { class: done ? "done" : "open", "data-done": String(done) },
      done ? `\u2713 Right. ${current.answer}` : "Not yet."),
    done ? null : h("details", {}, h("summary", {}, "A hint"), h("p", {}, current.hint)),
    h("div", { class: "buttons" },
      after ? h("button", { type: "button", id: "next-lesson", class: done ? "primary" : "", onclick: () => begin(after, open) },
        done ? "Next lesson" : "Skip to the next lesson") : null,
      h("button", { type: "button", id: "all-lessons", onclick: () => { leaveLesson(); showLessons(page, open).then(focusFirst); } }, "All lessons")));
  if (done && !wasDone) say(`Lesson done. ${current.answer}`);
  wasDone = done;
}
