// A passage that search found, in short; its title opens it in its article.

import { day, facts, h, plainly } from "./dom.js";
import { pageOf, readPlace } from "./reader.js";

/** Its place and its words; a plain click reads it beside the chat. */
export function passageView(passage) {
  const { article_id, title, source, published, paragraph, text } = passage;
  const onclick = plainly(() => readPlace(passage));
  return [
    h("a", { href: pageOf(article_id, [passage]), onclick }, title),
    h("span", { class: "faint" }, facts(source, day(published), `paragraph ${paragraph}`)),
    h("p", { class: "words", dir: "auto" }, text),
  ];
}
