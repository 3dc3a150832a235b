// The explanation of an answer: confidence and threshold, and the ranks and scores of every passage.

import { facts, h, percent } from "./dom.js";
import { passageView } from "./passage.js";

const SEARCHES = { dense: "meaning", bm25: "words" };
const SCORES = { dense: "cosine", bm25: "bm25" };

/** A `details` element, closed at first. */
export function explanationView({ explain, passages, timings_ms: timings, mode, confidence }) {
  const explained = new Map(explain?.passages?.map((passage) => [passage.id, passage]));
  return h(
    "details",
    { class: "explanation" },
    h("summary", null, "Why"),
    explain?.threshold != null &&
      h("p", null, `Confidence ${percent(confidence)}; an answer is given from ${percent(explain.threshold)}.`),
    explain?.words_nowhere?.length > 0 && h("p", null, `In no passage: ${explain.words_nowhere.join(", ")}.`),
    passages.length === 0
      ? h("p", null, "No passage was found.")
      : h(
          "ul",
          { class: "passages" },
          passages.map((passage) => {
            const ranks = explained.has(passage.id) && ranksView(passage, explained.get(passage.id));
            return h("li", null, passageView(passage), ranks);
          }),
        ),
    h("p", { class: "muted" }, facts(mode, ...Object.entries(timings).map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`))),
  );
}

function ranksView({ ranks, score }, explained) {
  if (Object.keys(ranks).length === 0) return null; // of no search
  const rows = [
    ...Object.entries(SEARCHES).map(([search, name]) => [
      `By ${name}`,
      ranks[search] == null ? "not found" : facts(`rank ${ranks[search]}`, scoreOf(explained, search)),
      search === "bm25" && explained.bm25_words?.join(", "),
    ]),
    ["Together", facts(ranks.fused && `rank ${ranks.fused}`, `score ${score.toFixed(2)}`)],
    ranks.reader && ["When read", `rank ${ranks.reader}`], // the order in which they are shown
  ];
  const rowView = ([name, value, words]) => h("div", null, h("dt", null, name), h("dd", null, facts(value, words)));
  return h("dl", null, rows.filter(Boolean).map(rowView));
}

const scoreOf = (explained, search) =>
  explained[SCORES[search]] != null && `${SCORES[search]} ${explained[SCORES[search]].toFixed(2)}`;
