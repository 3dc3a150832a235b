// The articles on the server: lists of them, page by page, and the texts.

import { call } from "./server.js";

const PAGE_SIZE = 200;

/** Articles that match a query, those that were added last first. Dispatches `change` when they change. */
export class ArticleList extends EventTarget {
  articles = [];
  nextCursor = null; // null on the last page
  query = "";
  #loading = 0; // a number for each load, so that a reply that comes too late is left out

  /** Loads the first page, of another query if one is given. */
  async load(query = this.query) {
    this.query = query;
    await this.#loadPage();
  }

  /** Loads the next page. */
  async next() {
    await this.#loadPage(this.nextCursor);
  }

  async #loadPage(cursor) {
    const number = ++this.#loading;
    const query = new URLSearchParams({ limit: PAGE_SIZE, sort: "newest", ...(this.query && { q: this.query }), ...(cursor && { cursor }) });
    const { articles, next_cursor } = await (await call(`articles?${query}`)).json();
    if (number !== this.#loading) return;
    this.articles = cursor ? [...this.articles, ...articles] : articles;
    this.nextCursor = next_cursor;
    this.dispatchEvent(new Event("change"));
  }
}

/** All articles, and the texts of those that were read. */
class Library extends ArticleList {
  #texts = new Map();

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

  /** Removes an article from the server. */
  async remove(id) {
    await call(`articles/${encodeURIComponent(id)}`, { method: "DELETE" });
    this.#texts.clear();
    await this.load();
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
