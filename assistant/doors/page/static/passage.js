// A passage in a list; its title opens it in its article.

import { day, facts, h, onPlainClick } from "./dom.js";
import { articleUrl, openPlace } from "./article-panel.js";

/** The place and the text of a passage. */
export function passageView(passage) {
  const { article_id, title, source, published, paragraph, text } = passage;
  const onclick = onPlainClick(() => openPlace(passage));
  return [
    h("a", { href: articleUrl(article_id, [passage]), onclick }, title),
    h("span", { class: "muted" }, facts(source, day(published), `paragraph ${paragraph}`)),
    h("p", { class: "excerpt", dir: "auto" }, text),
  ];
}
