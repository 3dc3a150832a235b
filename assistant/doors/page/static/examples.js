// Questions that the articles answer, which the server drew and asked before it offers them.

import { h } from "./dom.js";
import { call } from "./server.js";

/** Loads at most `limit` questions, of one article or of all; none if that fails or is aborted. */
export async function loadExamples(limit, articleId, signal) {
  const query = new URLSearchParams({ limit, ...(articleId && { article_id: articleId }) });
  try {
    const response = await call(`examples?${query}`, { signal, priority: "low" });
    return (await response.json()).examples;
  } catch {
    return []; // they are an offer: without them nothing is amiss
  }
}

/** A list of questions as buttons; with `titled`, each names its article. */
export const examplesView = (examples, ask, titled = false) =>
  h(
    "ul",
    { class: "suggestions" },
    examples.map(({ question, title }) => {
      const button = h("button", { type: "button", onclick: () => ask(question), dir: "auto" }, question);
      if (titled && !question.includes(title)) button.append(h("span", { class: "muted" }, title));
      return h("li", null, button);
    }),
  );
