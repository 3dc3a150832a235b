// Asking the server: yields citations and checked sentences as they arrive, and then the answer.

import { NO_ANSWER } from "./abstention.js";
import { stream } from "./stream.js";

const MAX_MESSAGES = 20; // of the history that the server accepts
const MAX_CHARACTERS = 20_000; // of each of them

/** Yields the events of an answer, as `stream` does. */
export function ask({ question, filters }, earlier, signal) {
  const history = earlier.flatMap(messages).slice(-MAX_MESSAGES);
  return stream("ask", { question, filters, explain: true, ...(history.length && { history }) }, signal);
}

function messages({ question, answer }) {
  if (!answer) return [];
  return [
    { role: "user", content: question },
    { role: "assistant", content: (answer.answer ?? NO_ANSWER).slice(0, MAX_CHARACTERS) },
  ];
}
