// The articles on the server: the list, page by page, and the texts.

import { call } from "./server.js";

const PAGE_SIZE = 200;

/** Dispatches `change` when the list changes. */
class Library extends EventTarget {
  articles = [];
  nextCursor = null; // null on the last page
  #texts = new Map();

  /** Loads the first page of the list. */
  async load() {
    await this.#loadPage("");
  }

  /** Loads the next page. */
  async next() {
    await this.#loadPage(`&cursor=${encodeURIComponent(this.nextCursor)}`);
  }

  async #loadPage(cursor) {
    const { articles, next_cursor } = await (await call(`articles?limit=${PAGE_SIZE}${cursor}`)).json();
    this.articles = cursor ? [...this.articles, ...articles] : articles;
    this.nextCursor = next_cursor;
    this.dispatchEvent(new Event("change"));
  }

  /** The distinct sources of the articles that are loaded. */
  get sources() {
    return [...new Set(this.articles.map(({ source }) => source).filter(Boolean))].sort();
  }

  /** An article with its current text, loaded once per expected revision. */
  text(id, revision) {
    const key = `${id} ${revision}`;
    if (!this.#texts.has(key)) {
      const article = call(`articles/${encodeURIComponent(id)}`).then((response) => response.json());
      article.catch(() => this.#texts.delete(key));
      this.#texts.set(key, article);
    }
    return this.#texts.get(key);
  }
}

export const library = new Library();

/** The current place of a citation or a passage; the server looks for the quote if the article has changed. */
export async function locate(place) {
  const article = await library.text(place.article_id, place.revision);
  if (article.revision === place.revision) return { article, start: place.start, end: place.end };
  const { article_id, start, end } = place;
  const json = { citations: [{ article_id, start, end, quote: place.quote ?? place.text }] };
  const { results } = await (await call("verify", { json })).json();
  return { article, ...results[0] };
}
