// An answer: sentences with citations and the list of their sources, or an abstention.

import { abstentionView } from "./abstention.js";
import { citationLink } from "./citation.js";
import { copyAnswer } from "./clipboard.js";
import { day, facts, h, onPlainClick, percent } from "./dom.js";
import { articleUrl, openArticle } from "./article-panel.js";
import { explanationView } from "./explanation.js";
import { ratingView } from "./rating.js";
import { sourcesView } from "./sources.js";

/** A sentence with links to its citations; code is on lines of its own. `citations` is a Map by id. */
export function sentenceView({ text, citations: ids, code }, citations) {
  const links = ids.flatMap((id) => [" ", citationLink(citations.get(id), citations)]);
  return h(code ? "code" : "span", { class: "sentence" }, text, links, " ");
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

/** The part below the sentences of a turn: sources or an abstention, notices, and what can be done with the answer. */
export function footerView(turn, again, save) {
  const { answer } = turn;
  return [
    answer.abstained && abstentionView(answer),
    answer.citations.length > 0 && sourcesView(answer.citations),
    answer.mode === "about" && answer.passages.length > 0 && namedView(answer.passages),
    noticesView(answer),
    h(
      "div",
      { class: "answer-footer" },
      answer.sentences.length > 0 && answer.confidence != null && h("span", { class: "muted" }, `Confidence ${percent(answer.confidence)}`),
      !answer.abstained && h("button", { class: "plain", onclick: ({ target }) => copyAnswer(answer, target) }, "Copy"),
      h("button", { class: "plain", onclick: again }, "Ask again"),
      ratingView(turn, save),
      explanationView(answer),
    ),
  ];
}

// The articles that a text names, each by a passage of it.
const namedView = (passages) =>
  h(
    "ul",
    { class: "sources", "aria-label": "Articles" },
    passages.map(({ article_id: id, revision, title, source, published }) => {
      const onclick = onPlainClick(() => openArticle({ id, revision }));
      const link = h("a", { href: articleUrl(id), onclick, dir: "auto" }, title);
      return h("li", null, link, " ", h("span", { class: "muted" }, facts(source, day(published))));
    }),
  );

function noticesView({ dropped_sentences: dropped, notices }) {
  const count = dropped === 1 ? "1 sentence was left out" : `${dropped} sentences were left out`;
  const items = [dropped > 0 && `${count}: the cited characters did not support it.`, ...notices].filter(Boolean);
  return items.length > 0 && h("ul", { class: "notes" }, items.map((item) => h("li", null, item)));
}
