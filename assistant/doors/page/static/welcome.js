// The welcome of an empty conversation: questions that the articles answer, or how to add articles.

import { day, facts, h, onPlainClick } from "./dom.js";
import { examplesView, loadExamples } from "./examples.js";
import { library } from "./library.js";
import { openArticles } from "./articles.js";
import { articleUrl, openArticle } from "./article-panel.js";
import { scope } from "./scope.js";

const EXAMPLES = 4;

const welcome = document.getElementById("welcome");
const content = document.getElementById("welcome-content");
let loading = new AbortController();

/** Updates the welcome when the articles or the choice of them changes; `ask` is called with a question that is clicked. */
export function initWelcome(ask) {
  const update = () => welcome.hidden || show(ask);
  library.addEventListener("change", update);
  scope.addEventListener("change", update);
  new MutationObserver(() => (welcome.hidden ? loading.abort() : update())).observe(welcome, { attributeFilter: ["hidden"] });
}

async function show(ask) {
  loading.abort();
  const { signal } = (loading = new AbortController());
  const { articles } = library;
  const [chosen, ...others] = scope.articles;
  const only = others.length === 0 && (chosen ?? (articles.length === 1 && articles[0]));
  if (articles.length === 0) return content.replaceChildren(...invitation());
  content.replaceChildren(...(only ? articleView(articles.find(({ id }) => id === only.id) ?? only) : [countView()]));
  const examples = await loadExamples(EXAMPLES, only?.id, signal);
  if (signal.aborted || examples.length === 0) return;
  content.append(h("h2", null, only ? "Questions that it answers" : "Questions to try"), examplesView(examples, ask, !only));
}

const invitation = () => [
  h("p", null, "There are no articles here yet. Add one, and ask what it says."),
  h("button", { class: "primary", onclick: openArticles }, "Add an article"),
  h("p", { class: "muted" }, "A file can be dropped anywhere on this page, too."),
];

const countView = () => {
  const chosen = scope.articles.length;
  if (chosen) return h("p", null, `${chosen} articles are chosen to be asked.`);
  return h("p", null, `${library.articles.length}${library.nextCursor ? " and more" : ""} articles are here to be asked.`);
};

function articleView(article) {
  const { id, title, source, published } = article;
  const onclick = onPlainClick(() => openArticle(article));
  return [
    h("h2", null, "The article that is asked"),
    h("a", { class: "example", href: articleUrl(id), onclick }, h("b", { dir: "auto" }, title), h("span", { class: "muted" }, facts(source, day(published)))),
  ];
}
