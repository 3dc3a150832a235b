// Asking the server: yields citations and checked sentences as they arrive, and then the answer.

import { events } from "./events.js";
import { call, ServerError, connectionError } from "./server.js";

const MAX_MESSAGES = 20; // of the history that the server accepts
const MAX_CHARACTERS = 20_000; // of each of them

/** Yields `["citation" | "sentence" | "done", value]`. Throws a ServerError, or the signal's AbortError. */
export async function* ask({ question, filters }, earlier, signal) {
  const history = earlier.flatMap(messages).slice(-MAX_MESSAGES);
  const json = { question, filters, stream: true, explain: true, ...(history.length && { history }) };
  const { body } = await call("ask", { json, signal });
  const stream = events(body);
  for (;;) {
    let next;
    try {
      next = await stream.next();
    } catch (error) {
      throw error.name === "AbortError" ? error : connectionError();
    }
    if (next.done) throw connectionError(); // the stream was cut off: an answer ends with `done`
    const [name, data] = next.value;
    if (name === "error") throw new ServerError(data.error);
    yield next.value;
    if (name === "done") return;
  }
}

function messages({ question, answer }) {
  if (!answer) return [];
  return [
    { role: "user", content: question },
    { role: "assistant", content: (answer.answer ?? "The articles do not say.").slice(0, MAX_CHARACTERS) },
  ];
}
