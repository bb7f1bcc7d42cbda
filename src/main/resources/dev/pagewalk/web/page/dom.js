// Small helpers to build the page: no strings of markup, so nothing that a machine says is ever read as markup.

/** An element with attributes and children; on... attributes are listeners, null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** The element of that id. */
export const at = (id) => document.getElementById(id);

/** Puts children in place of what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

/** Tells people, and screen readers, what has happened or gone wrong. */
export function say(text, isError = false) {
  const message = at("message");
  message.textContent = text;
  message.classList.toggle("error", isError);
}

/** Moves the one tab stop of a group with the arrow keys. */
export function rove(group, selector, columns) {
  group.addEventListener("keydown", (event) => {
    const items = [...group.querySelectorAll(selector)];
    const now = items.indexOf(document.activeElement);
    if (now < 0) return;
    const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(), ArrowUp: -columns() };
    let to = event.key in moves ? now + moves[event.key] : now;
    if (event.key === "Home") to = 0;
    if (event.key === "End") to = items.length - 1;
    if (to === now || to < 0 || to >= items.length) return;
    event.preventDefault();
    items.forEach((item) => item.setAttribute("tabindex", "-1"));
    items[to].setAttribute("tabindex", "0");
    items[to].focus();
  });
}

/** What is wider than its place can be reached by keyboard, so that the arrow keys scroll it; what is not, need not. */
export function markScrollers() {
  for (const box of document.querySelectorAll(".scroll, #log")) {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  }
}
