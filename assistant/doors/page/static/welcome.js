// What a conversation begins with: the article that ships with the project and questions to try, or how to begin.

import { day, facts, h, plainly } from "./dom.js";
import { library } from "./library.js";
import { openArticles } from "./articles.js";
import { pageOf, readArticle } from "./reader.js";

const SEED = {
  id: "66c0c3438677fd14", // made from its URL, so it is the same in every library
  questions: [
    "When did Kerry last speak to Lavrov?",
    "What treaty did Putin suspend?",
    "Who will be the next president of Syria?", // the article does not say
  ],
};

const welcome = document.getElementById("welcome");

/** Keeps the welcome true to the library; a question that is tried is handed to `ask`. */
export function welcoming(ask) {
  library.addEventListener("change", () => {
    const seed = library.articles.find(({ id }) => id === SEED.id);
    const empty = library.articles.length === 0;
    welcome.replaceChildren(...(empty ? invitation() : seed ? example(seed, ask) : [ready()]));
  });
}

const invitation = () => [
  h("p", null, "There are no articles here yet. Add one, and ask what it says."),
  h("button", { class: "main", onclick: openArticles }, "Add an article"),
  h("p", { class: "faint" }, "A file can be dropped anywhere on this page, too."),
];

const ready = () => {
  const count = `${library.articles.length}${library.more ? " and more" : ""}`;
  return h("p", null, library.articles.length === 1 ? "One article is here to be asked." : `${count} articles are here to be asked.`);
};

function example(article, ask) {
  const onclick = plainly(() => readArticle(article));
  return [
    h("h2", null, "An article to begin with"),
    h("a", { class: "example", href: pageOf(article.id), onclick }, h("b", null, article.title), h("span", { class: "faint" }, facts(article.source, day(article.published)))),
    h("h2", null, "Three questions to try"),
    h("ul", { class: "tries" }, SEED.questions.map((question) => h("li", null, h("button", { onclick: () => ask(question) }, question)))),
  ];
}
