// The panel with the list of articles.

import "./add-articles.js";
import { day, facts, h, onPlainClick } from "./dom.js";
import { library } from "./library.js";
import { open } from "./panel.js";
import { articleUrl, openArticle } from "./article-panel.js";

const panel = document.getElementById("articles");
const list = document.getElementById("list");
const more = document.getElementById("more");

for (const button of document.querySelectorAll(".open-articles")) button.addEventListener("click", openArticles);
more.addEventListener("click", () => library.next());
library.addEventListener("change", () => {
  const count = `${library.articles.length}${library.nextCursor ? "+" : ""}`;
  for (const element of document.querySelectorAll(".count")) element.textContent = count;
  list.replaceChildren(...library.articles.map(row));
  more.hidden = library.nextCursor === null;
});

export function openArticles() {
  document.getElementById("sidebar").hidePopover();
  open(panel);
}

function row(article) {
  const { id, title, source, published, characters } = article;
  const onclick = onPlainClick(() => openArticle(article));
  return h(
    "li",
    null,
    h("a", { href: articleUrl(id), onclick, dir: "auto" }, title),
    h("span", { class: "muted" }, facts(source, day(published), `${characters.toLocaleString("en")} characters`)),
  );
}
