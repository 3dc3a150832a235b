// The panel with an article, scrolled to the highlighted characters.

import { day, facts, h } from "./dom.js";
import { highlight, mergeSpans } from "./highlight.js";
import { library, locate } from "./library.js";
import { pageUrl } from "./page-image.js";
import { open } from "./panel.js";
import { askArticle } from "./scope.js";
import { citationSteps } from "./steps.js";

const panel = document.getElementById("reader");
const body = panel.querySelector(".body");
const heading = panel.querySelector(".panel-title");

const NOTICES = {
  changed: "The article was edited since: where the quote stood, it now says this.",
  deleted: "The article was edited since: the quote is no longer in it.",
};

/** The URL of the article's reading page, with these places highlighted. */
export const articleUrl = (id, places = []) =>
  `read/${encodeURIComponent(id)}` + (places.length ? `#c=${places.map(({ start, end }) => `${start}-${end}`).join()}` : "");

/** Opens an article at its beginning. */
export const openArticle = ({ id, revision }) => show(async () => ({ article: await library.text(id, revision) }));

/** Opens the article of a citation or a passage; buttons step to the others in the same article. */
export function openPlace(place, others = []) {
  const sameArticle = others.filter((other) => other.article_id === place.article_id && other.revision === place.revision);
  return show(async () => {
    const { article, start, end, status } = await locate(place);
    const spans = status ? [[start, end]] : [place, ...sameArticle].map(({ start, end }) => [start, end]);
    return { article, spans: start == null ? [] : mergeSpans(spans), start, notice: NOTICES[status], page: !status && place };
  });
}

async function show(load) {
  body.replaceChildren(h("p", { class: "muted" }, "Opening the article…"));
  heading.textContent = "";
  open(panel);
  try {
    const { article, spans = [], start, notice, page } = await load();
    const text = textView(article);
    body.replaceChildren(articleHeader(article, spans, page), notice ? h("p", { class: "notice" }, notice) : "", text);
    heading.textContent = article.title;
    panel.scrollTop = 0;
    const at = spans.findIndex(([from, to]) => from <= start && start < to);
    const buttons = citationSteps(text, highlight(text, spans), Math.max(at, 0));
    if (buttons) body.append(buttons);
  } catch (error) {
    body.replaceChildren(h("p", { class: "error", role: "alert" }, `${error.message} ${error.hint}`));
  }
}

function articleHeader({ id, title, url, source, published, authors = [] }, spans, place) {
  const places = spans.map(([start, end]) => ({ start, end }));
  const outside = { rel: "noopener noreferrer", target: "_blank" };
  return h(
    "header",
    null,
    h("h2", { class: "title", dir: "auto" }, title),
    h(
      "p",
      { class: "facts" },
      h("span", null, facts(authors.join(", "), source, day(published))),
      h("button", { class: "ask-article", onclick: () => askArticle({ id, title }) }, "Ask this article"),
      h("a", { href: articleUrl(id, places), target: "_blank" }, "As a page"),
      place?.page && h("a", { href: pageUrl("", place), target: "_blank" }, `Page ${place.page}`),
      /^https?:\/\//i.test(url ?? "") && h("a", { href: url, ...outside }, "Original article"),
    ),
  );
}

// Paragraphs keep the blank lines that follow them, so that the element's text is exactly the article's text.
const textView = ({ text, language }) =>
  h(
    "div",
    { class: "text", lang: language },
    text.split(/(?<=\n\s*\n\s*)(?=\S)/).map((paragraph) => h("p", { dir: "auto" }, paragraph)),
  );
