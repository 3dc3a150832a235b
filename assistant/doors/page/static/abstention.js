// An abstention: that the articles do not say, why, what was looked for, and what is nearest to it.

import { h } from "./dom.js";
import { passageView } from "./passage.js";

export const NO_ANSWER = "The articles do not say.";
const REASONS = {
  no_relevant_passage: "No passage is about this.",
  not_answered_by_passages: "Passages are about this, and none of them answers it.",
  contradicts_the_question: "What they say of it is something else.",
  not_grounded: "What could be said was not supported by the cited characters.",
  library_empty: "There are no articles in the library yet.",
};
const NEAREST = 3; // passages that are shown

export function abstentionView({ reason, standalone_question: standalone, passages }) {
  const nearest = passages.slice(0, NEAREST);
  return h(
    "div",
    { class: "abstention" },
    h("p", { class: "short-answer" }, NO_ANSWER),
    h("p", null, `${REASONS[reason] ?? ""} Looked for: “${standalone}”`),
    nearest.length > 0 && [
      h("h3", null, "What was nearest"),
      h("ul", { class: "passages" }, nearest.map((passage) => h("li", null, passageView(passage)))),
    ],
  );
}
