// A turn of a conversation: a question and its answer, or an error with a button to try again.

import { headerView, footerView, proseView, sentenceView } from "./answer.js";
import { ask } from "./ask.js";
import { h } from "./dom.js";
import { describeFilters } from "./filters.js";
import { ServerError } from "./server.js";

const SECOND = 1000;
const STOPPED = { message: "Stopped." };
const UNANSWERED = { message: "This question was not answered." };

/**
 * The element of a turn, and `run`, which asks its question, shows the answer and calls `save`.
 * `earlier` are the turns before it.
 */
export function turnView(turn, earlier, save) {
  const prose = h("p", { class: "prose", dir: "auto" });
  const body = h("div", { class: "answer" });
  const element = h(
    "article",
    { class: "turn" },
    h("h2", { class: "question", dir: "auto" }, turn.question),
    turn.filters && h("p", { class: "muted" }, describeFilters(turn.filters)),
    body,
  );

  function showAnswer() {
    if (turn.answer.sentences.length === 0) prose.replaceChildren(...proseView(turn.answer));
    body.replaceChildren(...[headerView(turn.answer), prose, footerView(turn.answer)].flat().filter(Boolean));
    prose.hidden = turn.answer.abstained;
  }

  function showError({ message, hint = "", retryAfter }) {
    const retry = h("button", { onclick: run }, "Try again");
    if (retryAfter) countDown(retry, retryAfter);
    body.replaceChildren(prose, h("div", { class: "failed" }, h("p", { class: "error" }, `${message} ${hint}`), retry));
  }

  async function run() {
    const controller = new AbortController();
    const stop = h("button", { class: "plain", onclick: () => controller.abort() }, "Stop");
    const pending = h("p", { class: "pending" }, "Looking in the articles…", stop);
    const citations = new Map();
    delete turn.error;
    prose.replaceChildren();
    body.replaceChildren(prose, pending);
    element.ariaBusy = "true";
    try {
      for await (const [name, data] of ask(turn, earlier, controller.signal)) {
        if (name === "citation") citations.set(data.id, data);
        else if (name === "sentence") prose.append(sentenceView(data, citations));
        else turn.answer = data;
      }
      showAnswer();
    } catch (error) {
      const { message, hint, retryAfter } = error.name === "AbortError" ? STOPPED : error;
      turn.error = { message, hint };
      showError({ message, hint, retryAfter });
      if (!(error instanceof ServerError) && error.name !== "AbortError") throw error;
    } finally {
      element.ariaBusy = "false";
      save();
    }
  }

  if (turn.answer) {
    prose.append(...proseView(turn.answer));
    showAnswer();
  } else showError(turn.error ?? UNANSWERED);
  return { element, run };
}

function countDown(button, seconds) {
  button.disabled = seconds > 0;
  button.textContent = seconds > 0 ? `Try again in ${seconds} s` : "Try again";
  if (seconds > 0) setTimeout(countDown, SECOND, button, seconds - 1);
}
