// From citation to citation in one article: the current one is in view and told apart from the others.

import { h } from "./dom.js";

/** Focuses the citation `at` (one list of marks each); returns the buttons for the others, or null when it is alone. */
export function steps(text, citations, at = 0) {
  text.classList.toggle("several", citations.length > 1);
  const shown = h("span", { role: "status" });
  function go(to) {
    at = (to + citations.length) % citations.length;
    for (const mark of citations.flat()) mark.classList.toggle("current", citations[at].includes(mark));
    citations[at][0].scrollIntoView({ block: "center" });
    shown.textContent = `${at + 1} of ${citations.length} citations`;
  }
  if (citations.length) {
    citations[at][0].tabIndex = -1;
    citations[at][0].focus({ preventScroll: true });
    go(at);
  }
  if (citations.length < 2) return null;
  return h(
    "nav",
    { class: "steps", "aria-label": "Citations" },
    h("button", { class: "plain", "aria-label": "Previous citation", onclick: () => go(at - 1) }, "←"),
    shown,
    h("button", { class: "plain", "aria-label": "Next citation", onclick: () => go(at + 1) }, "→"),
  );
}
