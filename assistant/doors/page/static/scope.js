// The articles that are chosen to be asked; without one, all are.

/** Dispatches `change` when the choice changes. */
class Scope extends EventTarget {
  #chosen = new Map(); // titles by id

  /** The chosen articles, as `{ id, title }`. */
  get articles() {
    return [...this.#chosen].map(([id, title]) => ({ id, title }));
  }

  has(id) {
    return this.#chosen.has(id);
  }

  /** Chooses an article beside those that are chosen, or no longer chooses it. */
  toggle({ id, title }, chosen = !this.has(id)) {
    if (chosen === this.has(id)) return;
    if (chosen) this.#chosen.set(id, title);
    else this.#chosen.delete(id);
    this.dispatchEvent(new Event("change"));
  }

  /** Chooses these articles and no others. */
  set(articles) {
    this.#chosen = new Map(articles.map(({ id, title }) => [id, title]));
    this.dispatchEvent(new Event("change"));
  }
}

export const scope = new Scope();

/** Chooses one article alone, and goes to the question. */
export function askArticle(article) {
  scope.set([article]);
  for (const panel of document.querySelectorAll("dialog.panel:modal")) panel.close();
  document.getElementById("question").focus();
}
