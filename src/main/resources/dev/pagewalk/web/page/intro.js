// For those who have never heard of page tables: what they see, in a dozen lines.

import { at } from "./dom.js";

const SEEN = "pagewalk.intro.closed";

function remembered() {
  try {
    return localStorage.getItem(SEEN) === "yes";
  } catch {
    return false;
  }
}

function remember(closed) {
  try {
    localStorage.setItem(SEEN, closed ? "yes" : "no");
  } catch {
    // Without storage it is shown each time.
  }
}

/** Shows the introduction unless it was closed before, and wires its buttons. */
export function wireIntro(beginLessons) {
  const intro = at("intro");
  intro.open = !remembered();
  intro.addEventListener("toggle", () => remember(!intro.open));
  at("intro-lesson").addEventListener("click", () => {
    intro.open = false;
    beginLessons();
  });
}
