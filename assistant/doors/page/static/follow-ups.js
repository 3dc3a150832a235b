// Questions to go on with, under the answer that came last.

import { h } from "./dom.js";
import { examplesView, loadExamples } from "./examples.js";

const OFFERED = 3;
let loading = new AbortController();
let shown; // the element with the questions

/** Removes the questions, and stops looking for some. */
export function clearFollowUps() {
  loading.abort();
  shown?.remove();
}

/** Offers questions that the cited article answers and that the conversation does not have, at the end of a turn. */
export async function offerFollowUps(element, turn, conversation, ask) {
  clearFollowUps();
  const [cited] = turn.answer?.citations ?? [];
  if (!cited) return;
  const { signal } = (loading = new AbortController());
  const asked = new Set(conversation.turns.flatMap(({ question, answer }) => [question, answer?.standalone_question]));
  const examples = await loadExamples(OFFERED + 2, cited.article_id, signal);
  const fresh = examples.filter(({ question }) => !asked.has(question)).slice(0, OFFERED);
  if (signal.aborted || fresh.length === 0) return;
  shown = h("nav", { class: "follow-ups", "aria-label": "Go on with" }, h("h3", null, "Go on with"), examplesView(fresh, ask));
  element.append(shown);
}
