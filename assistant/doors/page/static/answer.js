// An answer: sentences with citations, or an abstention with the nearest passages.

import { citationLink } from "./citation.js";
import { copyAnswer } from "./clipboard.js";
import { h, percent } from "./dom.js";
import { passageView } from "./passage.js";
import { explanationView } from "./explanation.js";

const NO_ANSWER = "The articles do not say.";
const REASONS = {
  no_relevant_passage: "No passage is about this.",
  not_answered_by_passages: "Passages are about this, and none of them answers it.",
  not_grounded: "What could be said was not supported by the cited characters.",
  library_empty: "There are no articles in the library yet.",
};
const NEAREST = 3; // passages shown with an abstention

/** A sentence with links to its citations. `citations` is a Map by id. */
export function sentenceView({ text, citations: ids }, citations) {
  const links = ids.flatMap((id) => [" ", citationLink(citations.get(id), citations)]);
  return h("span", { class: "sentence" }, text, links, " ");
}

/** The sentences of a whole answer, or the text of one that has none because it says nothing from an article. */
export function proseView(answer) {
  if (answer.sentences.length === 0) return [answer.answer ?? ""];
  const citations = new Map(answer.citations.map((citation) => [citation.id, citation]));
  return answer.sentences.map((sentence) => sentenceView(sentence, citations));
}

/** The part above the sentences: the standalone question, if it differs, and the short answer. */
export const headerView = ({ question, standalone_question: standalone, short_answer: short }) => [
  standalone !== question && h("p", { class: "muted" }, `Understood as: ${standalone}`),
  short && h("p", { class: "short-answer", dir: "auto" }, short),
];

/** The part below the sentences: an abstention, notices, the confidence and the explanation. */
export const footerView = (answer) => [
  answer.abstained && abstentionView(answer),
  noticesView(answer),
  h(
    "div",
    { class: "answer-footer" },
    answer.sentences.length > 0 && answer.confidence != null && h("span", { class: "muted" }, `Confidence ${percent(answer.confidence)}`),
    !answer.abstained && h("button", { class: "plain", onclick: ({ target }) => copyAnswer(answer, target) }, "Copy"),
    explanationView(answer),
  ),
];

function abstentionView({ reason, standalone_question: standalone, passages }) {
  const nearest = passages.slice(0, NEAREST);
  return h(
    "div",
    { class: "abstention" },
    h("p", { class: "short-answer" }, NO_ANSWER),
    h("p", null, `${REASONS[reason]} Looked for: “${standalone}”`),
    nearest.length > 0 && [
      h("h3", null, "What was nearest"),
      h("ul", { class: "passages" }, nearest.map((passage) => h("li", null, passageView(passage)))),
    ],
  );
}

function noticesView({ dropped_sentences: dropped, notices }) {
  const count = dropped === 1 ? "1 sentence was left out" : `${dropped} sentences were left out`;
  const items = [dropped > 0 && `${count}: the cited characters did not support it.`, ...notices].filter(Boolean);
  return items.length > 0 && h("ul", { class: "notes" }, items.map((item) => h("li", null, item)));
}
