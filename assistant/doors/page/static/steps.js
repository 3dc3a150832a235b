// Navigation between the citations in one article.

import { h } from "./dom.js";

/**
 * Focuses a citation and marks it as the current one.
 * `citations` has a list of marks each; `onstep` is called with the index of the current one. Returns buttons to step through them, or null if there is only one.
 */
export function citationSteps(text, citations, index = 0, onstep = () => {}) {
  text.classList.toggle("several", citations.length > 1);
  const position = h("span", { role: "status" });
  function go(to) {
    index = (to + citations.length) % citations.length;
    for (const mark of citations.flat()) mark.classList.toggle("current", citations[index].includes(mark));
    citations[index][0].scrollIntoView({ block: "center" });
    onstep(index);
    position.textContent = `${index + 1} of ${citations.length} citations`;
  }
  if (citations.length) {
    citations[index][0].tabIndex = -1;
    citations[index][0].focus({ preventScroll: true });
    go(index);
  }
  if (citations.length < 2) return null;
  return h(
    "nav",
    { class: "steps", "aria-label": "Citations" },
    h("button", { class: "plain", "aria-label": "Previous citation", onclick: () => go(index - 1) }, "←"),
    position,
    h("button", { class: "plain", "aria-label": "Next citation", onclick: () => go(index + 1) }, "→"),
  );
}
