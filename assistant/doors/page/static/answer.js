// An answer as it reads: cited sentences, or a plain "the articles do not say" with what was nearest.

import { citationLink } from "./citation.js";
import { copyAnswer } from "./copying.js";
import { h, percent } from "./dom.js";
import { passageView } from "./passage.js";
import { whyView } from "./why.js";

const NOT_SAID = "The articles do not say.";
const REASONS = {
  no_relevant_passage: "No passage is about this.",
  not_answered_by_passages: "Passages are about this, and none of them answers it.",
  not_grounded: "What could be said was not supported by the cited characters.",
  library_empty: "There are no articles in the library yet.",
};
const NEAREST = 3;

/** One sentence and its citations; `citations` by id. */
export function sentenceView({ text, citations: ids }, citations) {
  const links = ids.flatMap((id) => [" ", citationLink(citations.get(id), citations)]);
  return h("span", { class: "sentence" }, text, links, " ");
}

/** The sentences of a whole answer. */
export function proseView(answer) {
  const citations = new Map(answer.citations.map((citation) => [citation.id, citation]));
  return answer.sentences.map((sentence) => sentenceView(sentence, citations));
}

/** What stands above the sentences: the question as it was understood, and the short answer. */
export const aboveView = ({ question, standalone_question: understood, short_answer: short }) => [
  understood !== question && h("p", { class: "faint" }, `Understood as: ${understood}`),
  short && h("p", { class: "short", dir: "auto" }, short),
];

/** What stands below them: an abstention with what was nearest, what was left out, and how it came about. */
export const belowView = (answer) => [
  answer.abstained && abstentionView(answer),
  notesView(answer),
  h(
    "div",
    { class: "foot" },
    h("span", { class: "faint" }, `Confidence ${percent(answer.confidence)}`),
    !answer.abstained && h("button", { class: "plain", onclick: ({ target }) => copyAnswer(answer, target) }, "Copy"),
    whyView(answer),
  ),
];

function abstentionView({ reason, passages }) {
  const nearest = passages.slice(0, NEAREST);
  return h(
    "div",
    { class: "abstention" },
    h("p", { class: "short" }, NOT_SAID),
    h("p", null, REASONS[reason]),
    nearest.length > 0 && [
      h("h3", null, "What was nearest"),
      h("ul", { class: "passages" }, nearest.map((passage) => h("li", null, passageView(passage)))),
    ],
  );
}

function notesView({ dropped_sentences: dropped, notices }) {
  const left = dropped === 1 ? "1 sentence was left out" : `${dropped} sentences were left out`;
  const notes = [dropped > 0 && `${left}: the cited characters did not support it.`, ...notices].filter(Boolean);
  return notes.length > 0 && h("ul", { class: "notes" }, notes.map((note) => h("li", null, note)));
}
