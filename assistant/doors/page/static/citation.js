// A citation in an answer: a link to the highlighted characters, and the quote in its paragraph at a glance.

import { day, facts, h, plainly } from "./dom.js";
import { highlight } from "./highlight.js";
import { locate } from "./library.js";
import { pageOf, readPlace } from "./reader.js";

const VERDICTS = {
  verbatim: () => "Word for word",
  supported: ({ score }) => `Checked: the quote carries the sentence (${score.toFixed(2)})`,
};
const LINGER = 200; // milliseconds in which the pointer may cross from the link to the glance

const glance = document.getElementById("glance");
let at = null; // the link that the glance is about
let leaving;

/** A link that names its place, not its position. `beside` are the answer's citations, by id, as they come. */
export function citationLink(citation, beside) {
  const { title, source, paragraph } = citation;
  let first = false;
  const link = h(
    "a",
    {
      class: "cite",
      href: pageOf(citation.article_id, [citation]),
      onpointerenter: ({ pointerType }) => pointerType !== "touch" && show(link, citation, beside),
      onpointerleave: leave,
      onfocus: () => link.matches(":focus-visible") && show(link, citation, beside),
      onblur: leave,
      // A finger cannot hover: its first tap shows the quote, its second opens the article.
      onpointerdown: ({ pointerType }) => (first = pointerType === "touch" && at !== link),
      onclick: plainly(() => {
        if (first) show(link, citation, beside);
        else openArticle(citation, beside);
        first = false;
      }),
    },
    h("span", { class: "name", "aria-hidden": "true" }, source ?? title),
    h("span", { "aria-hidden": "true" }, `¶${paragraph}`),
    h("span", { class: "unseen" }, `Citation: ${facts(title, source, `paragraph ${paragraph}`)}`),
  );
  return link;
}

function openArticle(citation, beside) {
  hide();
  readPlace(citation, [...beside.values()]);
}

async function show(link, citation, beside) {
  clearTimeout(leaving);
  if (at === link) return;
  hide();
  at = link;
  const { title, source, published, paragraph, verdict, quote } = citation;
  const words = h("p", { class: "words", dir: "auto" }, h("mark", null, quote));
  glance.replaceChildren(
    words,
    h("p", { class: "facts" }, facts(title, source, day(published), `paragraph ${paragraph}`)),
    h(
      "p",
      { class: "facts" },
      VERDICTS[verdict](citation),
      h("a", { href: link.href, onclick: plainly(() => openArticle(citation, beside)) }, "Open"),
    ),
  );
  glance.showPopover({ source: link });
  const found = await locate(citation).catch(() => ({})); // without the article, the quote alone stays
  if (at !== link || found.start == null || found.status === "changed") return;
  const { before, after } = around(found);
  words.replaceChildren(before + quote + after);
  highlight(words, [[[...before].length, [...before].length + found.end - found.start]]);
}

// What stands around a span in its paragraph.
function around({ article, start, end }) {
  const characters = [...article.text];
  const [before, after] = [characters.slice(0, start).join(""), characters.slice(end).join("")];
  return { before: before.split(/\n\s*\n\s*/).at(-1), after: after.split(/\s*\n\s*\n/)[0] };
}

function leave() {
  clearTimeout(leaving);
  leaving = setTimeout(hide, LINGER);
}

function hide() {
  clearTimeout(leaving);
  at = null;
  glance.hidePopover();
}

glance.addEventListener("pointerenter", () => clearTimeout(leaving));
glance.addEventListener("pointerleave", leave);
glance.addEventListener("focusin", () => clearTimeout(leaving));
glance.addEventListener("focusout", leave);
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || at === null) return;
  event.preventDefault();
  hide();
});
addEventListener("pointerdown", ({ target }) => at && !at.contains(target) && !glance.contains(target) && hide());
