// A turn of a conversation: a question and its answer, or an error with a button to try again.

import { footerView, headerView, proseView, sentenceView } from "./answer.js";
import { ask } from "./ask.js";
import { h } from "./dom.js";
import { describeFilters } from "./filters.js";
import { SENT, stageText } from "./progress.js";
import { questionHeading } from "./question-heading.js";
import { ServerError } from "./server.js";

const SECOND = 1000;
const STOPPED = { message: "Stopped." };
const UNANSWERED = { message: "This question was not answered." };

/**
 * The element of a turn, and `run`, which asks its question and shows the answer.
 * `earlier` returns the turns before it; `on.save` is called when the turn has changed, `on.ask` when its question is
 * asked and `on.answer` when the answer has come.
 */
export function turnView(turn, earlier, on) {
  const prose = h("p", { class: "prose", dir: "auto" });
  const body = h("div", { class: "answer" });
  const element = h(
    "article",
    { class: "turn" },
    questionHeading(turn, run),
    turn.filters && h("p", { class: "muted", dir: "auto" }, describeFilters(turn.filters, turn.articles)),
    body,
  );
  let controller = new AbortController(); // of the question that is being asked

  function showAnswer() {
    prose.replaceChildren(...proseView(turn.answer));
    body.replaceChildren(...[headerView(turn.answer), prose, footerView(turn, run, on.save)].flat().filter(Boolean));
    prose.hidden = turn.answer.abstained;
  }

  function showError({ message, hint = "", retryAfter }) {
    const retry = h("button", { onclick: run }, "Try again");
    if (retryAfter) countDown(retry, retryAfter);
    body.replaceChildren(prose, h("div", { class: "failed" }, h("p", { class: "error" }, `${message} ${hint}`), retry));
  }

  async function run() {
    controller.abort();
    const { signal } = (controller = new AbortController());
    const progress = h("span", null, SENT);
    const stop = h("button", { class: "plain", onclick: () => controller.abort() }, "Stop");
    const citations = new Map();
    for (const part of ["answer", "error", "rating"]) delete turn[part];
    prose.replaceChildren();
    prose.hidden = false;
    body.replaceChildren(prose, h("p", { class: "pending" }, progress, stop));
    element.ariaBusy = "true";
    on.ask();
    try {
      for await (const [name, data] of ask(turn, earlier(), signal)) {
        if (name === "stage") progress.textContent = stageText(data.stage, turn, progress.textContent);
        else if (name === "citation") citations.set(data.id, data);
        else if (name === "sentence") prose.append(sentenceView(data, citations));
        else turn.answer = data;
      }
      showAnswer();
      on.answer();
    } catch (error) {
      if (signal !== controller.signal) return; // it is being asked again
      const { message, hint, retryAfter } = error.name === "AbortError" ? STOPPED : error;
      turn.error = { message, hint };
      showError({ message, hint, retryAfter });
      if (!(error instanceof ServerError) && error.name !== "AbortError") throw error;
    } finally {
      if (signal === controller.signal) {
        element.ariaBusy = "false";
        on.save();
      }
    }
  }

  if (turn.answer) showAnswer();
  else showError(turn.error ?? UNANSWERED);
  return { element, run };
}

function countDown(button, seconds) {
  button.disabled = seconds > 0;
  button.textContent = seconds > 0 ? `Try again in ${seconds} s` : "Try again";
  if (seconds > 0) setTimeout(countDown, SECOND, button, seconds - 1);
}
