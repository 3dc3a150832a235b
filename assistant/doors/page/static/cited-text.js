// An answer as text, with the numbers of its citations: "He left on Saturday. [1]"

import { day, facts } from "./dom.js";

/** The number of a citation in an answer, by its order there. `citations` is a Map by id. */
export const numberOf = (id, citations) => [...citations.keys()].indexOf(id) + 1;

/** Where a citation is: a page, or a paragraph. */
export const whereOf = ({ page, paragraph }) => (page ? `page ${page}` : `paragraph ${paragraph}`);

/** The place of a citation: "Reuters · 3 October 2016 · paragraph 4". */
export const placeOf = (citation) => facts(citation.source, day(citation.published), whereOf(citation));

/** The sentences with numbers behind them, or the text of an answer that has no sentences. `escape` is applied to each. */
export function citedText({ answer, sentences, citations }, escape = (text) => text) {
  if (sentences.length === 0) return escape(answer ?? "");
  const numbers = new Map(citations.map(({ id }, index) => [id, index + 1]));
  const cited = ({ text, citations: ids }) => [escape(text), ...ids.map((id) => `[${numbers.get(id)}]`)].join(" ");
  return sentences.map((one) => (one.code ? `\n${cited(one)}\n` : `${cited(one)} `)).join("").trim();
}
