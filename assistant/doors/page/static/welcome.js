// The welcome of an empty conversation: the seed article with questions to try, or how to add articles.

import { day, facts, h, onPlainClick } from "./dom.js";
import { library } from "./library.js";
import { openArticles } from "./articles.js";
import { articleUrl, openArticle } from "./article-panel.js";

const SEED = {
  id: "66c0c3438677fd14", // derived from its URL, so it is the same in every library
  questions: [
    "When did Kerry last speak to Lavrov?",
    "What treaty did Putin suspend?",
    "Who will be the next president of Syria?", // the article does not say
  ],
};

const welcome = document.getElementById("welcome-content");

/** Updates the welcome when the library changes; `ask` is called with a question that is clicked. */
export function initWelcome(ask) {
  library.addEventListener("change", () => {
    const seed = library.articles.find(({ id }) => id === SEED.id);
    const empty = library.articles.length === 0;
    welcome.replaceChildren(...(empty ? invitation() : seed ? example(seed, ask) : [ready()]));
  });
}

const invitation = () => [
  h("p", null, "There are no articles here yet. Add one, and ask what it says."),
  h("button", { class: "primary", onclick: openArticles }, "Add an article"),
  h("p", { class: "muted" }, "A file can be dropped anywhere on this page, too."),
];

const ready = () => {
  const count = `${library.articles.length}${library.nextCursor ? " and more" : ""}`;
  return h("p", null, library.articles.length === 1 ? "One article is here to be asked." : `${count} articles are here to be asked.`);
};

function example(article, ask) {
  const onclick = onPlainClick(() => openArticle(article));
  return [
    h("h2", null, "An article to begin with"),
    h("a", { class: "example", href: articleUrl(article.id), onclick }, h("b", null, article.title), h("span", { class: "muted" }, facts(article.source, day(article.published)))),
    h("h2", null, "Three questions to try"),
    h("ul", { class: "suggestions" }, SEED.questions.map((question) => h("li", null, h("button", { onclick: () => ask(question) }, question)))),
  ];
}
