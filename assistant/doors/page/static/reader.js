// The article beside the chat, scrolled to the highlighted characters.

import { day, facts, h } from "./dom.js";
import { highlight, joined } from "./highlight.js";
import { library, locate } from "./library.js";
import { open } from "./panel.js";
import { steps } from "./steps.js";

const panel = document.getElementById("reader");
const body = panel.querySelector(".body");
const where = panel.querySelector(".where");

const NOW = {
  changed: "The article was edited since: where the quote stood, it now says this.",
  deleted: "The article was edited since: the quote is no longer in it.",
};

/** The page of the article, with these places highlighted. */
export const pageOf = (id, places = []) =>
  `read/${encodeURIComponent(id)}` + (places.length ? `#c=${places.map((p) => `${p.start}-${p.end}`).join()}` : "");

/** Reads an article from its beginning. */
export const readArticle = ({ id, revision }) => read(id, async () => ({ article: await library.text(id, revision) }));

/** Reads a citation or a passage in its article; the others in the same article can be stepped to. */
export function readPlace(place, others = []) {
  const beside = others.filter((other) => other.article_id === place.article_id && other.revision === place.revision);
  return read(place.article_id, async () => {
    const { article, start, end, status } = await locate(place);
    const spans = status ? [[start, end]] : [place, ...beside].map((one) => [one.start, one.end]);
    return { article, spans: start == null ? [] : joined(spans), start, notice: NOW[status] };
  });
}

async function read(id, locating) {
  body.replaceChildren(h("p", { class: "faint" }, "Opening the article…"));
  where.textContent = "";
  open(panel);
  try {
    const { article, spans = [], start, notice } = await locating();
    const text = textOf(article);
    body.replaceChildren(headOf(article, spans), notice ? h("p", { class: "notice" }, notice) : "", text);
    where.textContent = article.title;
    panel.scrollTop = 0;
    const at = spans.findIndex(([from, to]) => from <= start && start < to);
    const buttons = steps(text, highlight(text, spans), Math.max(at, 0));
    if (buttons) body.append(buttons);
  } catch (error) {
    body.replaceChildren(h("p", { class: "wrong", role: "alert" }, `${error.message} ${error.hint}`));
  }
}

function headOf({ id, title, url, source, published }, spans) {
  const places = spans.map(([start, end]) => ({ start, end }));
  const outside = { rel: "noopener noreferrer", target: "_blank" };
  return h(
    "header",
    null,
    h("h2", { class: "title", dir: "auto" }, title),
    h(
      "p",
      { class: "facts" },
      h("span", null, facts(source, day(published))),
      h("a", { href: pageOf(id, places), target: "_blank" }, "As a page"),
      /^https?:\/\//i.test(url ?? "") && h("a", { href: url, ...outside }, "Original article"),
    ),
  );
}

// Each paragraph keeps the blank lines behind it: the element's text is the article's, character for character.
const textOf = ({ text, language }) =>
  h(
    "div",
    { class: "text", lang: language },
    text.split(/(?<=\n\s*\n\s*)(?=\S)/).map((paragraph) => h("p", { dir: "auto" }, paragraph)),
  );
