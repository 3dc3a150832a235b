// The list of sources under an answer, with the numbers that the sentences refer to.

import { openCitation } from "./citation.js";
import { placeOf } from "./cited-text.js";
import { h, onPlainClick } from "./dom.js";
import { articleUrl } from "./article-panel.js";

/** A numbered list of the citations; each opens its article at the cited characters. */
export function sourcesView(citations) {
  const all = new Map(citations.map((citation) => [citation.id, citation]));
  const row = (citation) => {
    const onclick = onPlainClick(() => openCitation(citation, all));
    const link = h("a", { href: articleUrl(citation.article_id, [citation]), onclick, dir: "auto" }, citation.title);
    return h("li", null, link, " ", h("span", { class: "muted" }, placeOf(citation)));
  };
  return h("ol", { class: "sources", "aria-label": "Sources" }, citations.map(row));
}
