// The guided lessons: a question, the action that answers it, and the server's judgement of the machine's state.

import * as api from "./api.js";
import { at, fill, h } from "./dom.js";

let lessons = [];
let current = null;
let wired = false;

async function begin(lesson, open) {
  current = lesson;
  await open(lesson.preset ? { preset: lesson.preset } : { scenario: lesson.scenario });
}

/** Shows the list, or the lesson under way and whether it is done. */
export async function showLessons(page, open) {
  if (!wired) {
    wired = true;
    lessons = await api.lessons();
    at("lessons-open").addEventListener("click", () => {
      const section = at("lessons");
      section.hidden = !section.hidden;
      at("lessons-open").setAttribute("aria-expanded", String(!section.hidden));
      if (!section.hidden) at("lesson-body").querySelector("button")?.focus();
    });
  }
  const body = at("lesson-body");
  if (!current) {
    fill(body, h("ol", { class: "lessons" }, lessons.map((lesson) =>
      h("li", {}, h("button", { type: "button", "data-lesson": lesson.name, onclick: () => begin(lesson, open) }, lesson.title)))));
    return;
  }
  const answer = await page.machine.lesson(current.name);
  const index = lessons.indexOf(current);
  const after = lessons[index + 1];
  fill(body,
    h("h3", {}, `${index + 1}. ${current.title}`),
    h("p", {}, current.question),
    h("p", { class: answer.done ? "done" : "open", role: "status", "data-done": String(answer.done) },
      answer.done ? `Right. ${current.answer}` : "Not yet."),
    answer.done ? null : h("details", {}, h("summary", {}, "A hint"), h("p", {}, current.hint)),
    h("div", { class: "buttons" },
      h("button", { type: "button", onclick: () => { current = null; showLessons(page, open); } }, "All lessons"),
      after ? h("button", { type: "button", onclick: () => begin(after, open) }, "Next lesson") : null));
}
