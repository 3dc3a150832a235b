// A citation in an answer: a link to the cited characters, with a preview of the quote in its paragraph.

import { numberOf, whereOf } from "./cited-text.js";
import { day, facts, h, onPlainClick } from "./dom.js";
import { highlight } from "./highlight.js";
import { locate } from "./library.js";
import { articleUrl, openPlace } from "./article-panel.js";

const VERDICTS = {
  verbatim: () => "Word for word",
  contradicted: () => "The article says otherwise",
  supported: ({ score }) => `Checked: the quote carries the sentence (${score.toFixed(2)})`,
};
const HIDE_DELAY = 200; // milliseconds in which the pointer may move from the link to the preview

const preview = document.getElementById("preview");
let current = null; // the link whose preview is shown
let hideTimer;

/** A link that is labelled with its number in the list of sources. `all` is a Map of the answer's citations by id. */
export function citationLink(citation, all) {
  const { title, source } = citation;
  const number = numberOf(citation.id, all);
  let firstTap = false;
  const link = h(
    "a",
    {
      class: "cite",
      href: articleUrl(citation.article_id, [citation]),
      onpointerenter: ({ pointerType }) => pointerType !== "touch" && show(link, citation, all),
      onpointerleave: hideLater,
      onfocus: () => link.matches(":focus-visible") && show(link, citation, all),
      onblur: hideLater,
      // Touch screens have no hover: the first tap shows the preview, the second opens the article.
      onpointerdown: ({ pointerType }) => (firstTap = pointerType === "touch" && current !== link),
      onclick: onPlainClick(() => {
        if (firstTap) show(link, citation, all);
        else openCitation(citation, all);
        firstTap = false;
      }),
    },
    h("span", { "aria-hidden": "true" }, `[${number}]`),
    h("span", { class: "visually-hidden" }, `Citation ${number}: ${facts(title, source, whereOf(citation))}`),
  );
  return link;
}

/** Opens a citation in its article; buttons step to the others of the answer that are in the same article. */
export function openCitation(citation, all) {
  hide();
  openPlace(citation, [...all.values()]);
}

async function show(link, citation, all) {
  clearTimeout(hideTimer);
  if (current === link) return;
  hide();
  current = link;
  const { title, source, published, verdict, quote } = citation;
  const excerpt = h("p", { class: "excerpt", dir: "auto" }, h("mark", null, quote));
  preview.replaceChildren(
    excerpt,
    h("p", { class: "facts" }, facts(title, source, day(published), whereOf(citation))),
    h(
      "p",
      { class: "facts" },
      VERDICTS[verdict](citation),
      h("a", { href: link.href, onclick: onPlainClick(() => openCitation(citation, all)) }, "Open"),
    ),
  );
  preview.showPopover({ source: link });
  const place = await locate(citation).catch(() => ({})); // if the article cannot be loaded, only the quote is shown
  if (current !== link || place.start == null || place.status === "changed") return;
  const { before, after } = context(place);
  excerpt.replaceChildren(before + quote + after);
  highlight(excerpt, [[[...before].length, [...before].length + place.end - place.start]]);
}

// The text before and after a span in its paragraph.
function context({ article, start, end }) {
  const characters = [...article.text];
  const [before, after] = [characters.slice(0, start).join(""), characters.slice(end).join("")];
  return { before: before.split(/\n\s*\n\s*/).at(-1), after: after.split(/\s*\n\s*\n/)[0] };
}

function hideLater() {
  clearTimeout(hideTimer);
  hideTimer = setTimeout(hide, HIDE_DELAY);
}

function hide() {
  clearTimeout(hideTimer);
  current = null;
  preview.hidePopover();
}

preview.addEventListener("pointerenter", () => clearTimeout(hideTimer));
preview.addEventListener("pointerleave", hideLater);
preview.addEventListener("focusin", () => clearTimeout(hideTimer));
preview.addEventListener("focusout", hideLater);
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || current === null) return;
  event.preventDefault();
  hide();
});
addEventListener("pointerdown", ({ target }) => current && !current.contains(target) && !preview.contains(target) && hide());
