// The articles that the server holds: the list, page by page, and each one's text when it is read.

import { call } from "./server.js";

const PAGE = 200;

/** Fires `change` when the list does. */
class Library extends EventTarget {
  articles = [];
  more = null;
  #texts = new Map();

  /** The list from its beginning. */
  async load() {
    await this.#list("");
  }

  /** The next page of it; `more` is null when there is none. */
  async next() {
    await this.#list(`&cursor=${encodeURIComponent(this.more)}`);
  }

  async #list(cursor) {
    const { articles, next_cursor } = await (await call(`articles?limit=${PAGE}${cursor}`)).json();
    this.articles = cursor ? [...this.articles, ...articles] : articles;
    this.more = next_cursor;
    this.dispatchEvent(new Event("change"));
  }

  /** The distinct sources of the articles listed so far. */
  get sources() {
    return [...new Set(this.articles.map(({ source }) => source).filter(Boolean))].sort();
  }

  /** An article with its text, as it is now; asked for once a revision that is expected. */
  text(id, revision) {
    const key = `${id} ${revision}`;
    if (!this.#texts.has(key)) {
      const reading = call(`articles/${encodeURIComponent(id)}`).then((response) => response.json());
      reading.catch(() => this.#texts.delete(key));
      this.#texts.set(key, reading);
    }
    return this.#texts.get(key);
  }
}

export const library = new Library();

/** Where a citation, or a passage, stands now: the server looks again if the article has another revision. */
export async function locate(place) {
  const article = await library.text(place.article_id, place.revision);
  if (article.revision === place.revision) return { article, start: place.start, end: place.end };
  const { article_id, start, end } = place;
  const json = { citations: [{ article_id, start, end, quote: place.quote ?? place.text }] };
  const { results } = await (await call("verify", { json })).json();
  return { article, ...results[0] };
}
