// A page of a PDF document as an image, with the cited characters marked by the server.

import { h } from "./dom.js";

/** The page that a character is on. `pages` lists where each page begins: "0:1 2048:2". Undefined without pages. */
export function pageOf(pages, start) {
  const begun = pages
    .split(" ")
    .filter(Boolean)
    .map((entry) => entry.split(":").map(Number))
    .filter(([from]) => from <= start);
  return begun.at(-1)?.[1];
}

/** The URL of the image of the page that a citation or passage is on. `root` is the path to the server's root. */
export const pageUrl = (root, { article_id, page, start, end }) =>
  `${root}articles/${encodeURIComponent(article_id)}/pages/${page}?start=${start}&end=${end}`;

/** A figure with that page. It removes itself if the document's file is not in the library. */
export function pageFigure(root, place) {
  const url = pageUrl(root, place);
  const caption = `Page ${place.page}`;
  const image = h("img", { src: url, alt: `${caption} as it was printed`, onerror: () => figure.remove() });
  const figure = h(
    "figure",
    { class: "page" },
    h("a", { href: url, target: "_blank" }, image),
    h("figcaption", null, caption),
  );
  return figure;
}
