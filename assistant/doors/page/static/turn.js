// One turn of a conversation: a question, the sentences as they arrive, and what to do when they do not.

import { aboveView, belowView, proseView, sentenceView } from "./answer.js";
import { ask } from "./ask.js";
import { h } from "./dom.js";
import { describe } from "./filters.js";
import { Refusal } from "./server.js";

const SECOND = 1000;
const STOPPED = { message: "Stopped." };
const UNANSWERED = { message: "This question was not answered." };

/** The turn's element, and `run`, which asks its question and keeps what came. `earlier` are the turns before it. */
export function turnView(turn, earlier, keep) {
  const prose = h("p", { class: "prose", dir: "auto" });
  const body = h("div", { class: "answer" });
  const element = h(
    "article",
    { class: "turn" },
    h("h2", { class: "question", dir: "auto" }, turn.question),
    turn.filters && h("p", { class: "faint" }, describe(turn.filters)),
    body,
  );

  function whole() {
    body.replaceChildren(...[aboveView(turn.answer), prose, belowView(turn.answer)].flat().filter(Boolean));
    prose.hidden = turn.answer.abstained;
  }

  function failed({ message, hint = "", retryAfter }) {
    const again = h("button", { onclick: run }, "Try again");
    if (retryAfter) countDown(again, retryAfter);
    body.replaceChildren(prose, h("div", { class: "failed" }, h("p", { class: "wrong" }, `${message} ${hint}`), again));
  }

  async function run() {
    const stopping = new AbortController();
    const stop = h("button", { class: "plain", onclick: () => stopping.abort() }, "Stop");
    const pending = h("p", { class: "pending" }, "Looking in the articles…", stop);
    const citations = new Map();
    delete turn.error;
    prose.replaceChildren();
    body.replaceChildren(prose, pending);
    element.ariaBusy = "true";
    try {
      for await (const [name, data] of ask(turn, earlier, stopping.signal)) {
        if (name === "citation") citations.set(data.id, data);
        else if (name === "sentence") prose.append(sentenceView(data, citations));
        else turn.answer = data;
      }
      whole();
    } catch (error) {
      const { message, hint, retryAfter } = error.name === "AbortError" ? STOPPED : error;
      turn.error = { message, hint };
      failed({ message, hint, retryAfter });
      if (!(error instanceof Refusal) && error.name !== "AbortError") throw error;
    } finally {
      element.ariaBusy = "false";
      keep();
    }
  }

  if (turn.answer) {
    prose.append(...proseView(turn.answer));
    whole();
  } else failed(turn.error ?? UNANSWERED);
  return { element, run };
}

function countDown(button, seconds) {
  button.disabled = seconds > 0;
  button.textContent = seconds > 0 ? `Try again in ${seconds} s` : "Try again";
  if (seconds > 0) setTimeout(countDown, SECOND, button, seconds - 1);
}
