// The panel with the list of articles: searched, chosen to be asked, and removed.

import { showJobs } from "./add-articles.js";
import { day, facts, h, onPlainClick } from "./dom.js";
import { ArticleList, library } from "./library.js";
import { open } from "./panel.js";
import { articleUrl, openArticle } from "./article-panel.js";
import { scope } from "./scope.js";

const PAUSE = 200; // milliseconds without a key before a search

const panel = document.getElementById("articles");
const list = document.getElementById("list");
const more = document.getElementById("more");
const search = document.getElementById("search-articles");
const result = document.getElementById("found");
const found = new ArticleList();
let typing;

for (const button of document.querySelectorAll(".open-articles")) button.addEventListener("click", openArticles);
more.addEventListener("click", () => shown().next());
search.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => (search.value.trim() ? found.load(search.value.trim()) : show()), PAUSE);
});
library.addEventListener("change", () => {
  const count = countOf(library);
  for (const element of document.querySelectorAll(".count")) element.textContent = count;
  if (shown() === found) found.load();
  else show();
});
found.addEventListener("change", show);
scope.addEventListener("change", () => {
  for (const button of list.querySelectorAll("[data-ask]")) button.ariaPressed = String(scope.has(button.dataset.ask));
});

export function openArticles() {
  document.getElementById("sidebar").hidePopover();
  open(panel);
  showJobs().catch(() => {}); // the list of articles says what is wrong
}

const shown = () => (search.value.trim() ? found : library);

const countOf = ({ articles, nextCursor }) => `${articles.length}${nextCursor ? "+" : ""}`;

function show() {
  const articles = shown();
  list.replaceChildren(...articles.articles.map((article) => h("li", null, row(article))));
  more.hidden = articles.nextCursor === null;
  result.textContent = articles === found ? `${countOf(found)} found` : "";
}

function row(article) {
  const { id, title, source, published, characters } = article;
  const onclick = onPlainClick(() => openArticle(article));
  const ask = h("button", { class: "plain", "data-ask": id, "aria-pressed": String(scope.has(id)), onclick: () => scope.toggle(article) }, "Ask this");
  const remove = h("button", { class: "plain", "aria-label": `Delete ${title}`, onclick: () => confirm(article, ask.parentElement) }, "Delete");
  return [
    h("a", { href: articleUrl(id), onclick, dir: "auto" }, title),
    h("span", { class: "muted" }, facts(source, day(published), `${characters.toLocaleString("en")} characters`)),
    h("span", { class: "row-buttons" }, ask, remove),
  ];
}

// Nothing brings a removed article back but adding it again.
function confirm(article, buttons) {
  const keep = h("button", { onclick: () => buttons.closest("li").replaceChildren(...row(article)) }, "Keep");
  const remove = h("button", { class: "danger", onclick: () => removeArticle(article, buttons) }, "Delete");
  buttons.replaceChildren(h("span", null, "Delete it for everyone?"), remove, keep);
  keep.focus();
}

async function removeArticle(article, buttons) {
  for (const button of buttons.querySelectorAll("button")) button.disabled = true;
  try {
    await library.remove(article.id);
    scope.toggle(article, false);
    result.textContent = `Deleted “${article.title}”`;
    search.focus();
  } catch (error) {
    buttons.replaceChildren(h("span", { class: "error", role: "alert" }, `${error.message} ${error.hint ?? ""}`));
  }
}
