// The panel of the articles: the list of what is there; each opens in the reader.

import "./adding.js";
import { day, facts, h, plainly } from "./dom.js";
import { library } from "./library.js";
import { open } from "./panel.js";
import { pageOf, readArticle } from "./reader.js";

const panel = document.getElementById("articles");
const list = document.getElementById("list");
const more = document.getElementById("more");

for (const button of document.querySelectorAll(".open-articles")) button.addEventListener("click", openArticles);
more.addEventListener("click", () => library.next());
library.addEventListener("change", () => {
  const count = `${library.articles.length}${library.more ? "+" : ""}`;
  for (const shown of document.querySelectorAll(".count")) shown.textContent = count;
  list.replaceChildren(...library.articles.map(row));
  more.hidden = library.more === null;
});

export function openArticles() {
  document.getElementById("sidebar").hidePopover();
  open(panel);
}

function row(article) {
  const { id, title, source, published, characters } = article;
  const onclick = plainly(() => readArticle(article));
  return h(
    "li",
    null,
    h("a", { href: pageOf(id), onclick, dir: "auto" }, title),
    h("span", { class: "faint" }, facts(source, day(published), `${characters.toLocaleString("en")} characters`)),
  );
}
