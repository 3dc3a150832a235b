// A question to the server: citations and verified sentences as they come, and the whole answer last.

import { events } from "./events.js";
import { call, Refusal, unreachable } from "./server.js";

const TURNS = 20;

/** Yields `["citation" | "sentence" | "done", value]`. Throws a Refusal, or an AbortError when the signal says so. */
export async function* ask({ question, filters }, earlier, signal) {
  const history = earlier.flatMap(messages).slice(-TURNS);
  const json = { question, filters, stream: true, explain: true, ...(history.length && { history }) };
  const { body } = await call("ask", { json, signal });
  const arriving = events(body);
  for (;;) {
    let next;
    try {
      next = await arriving.next();
    } catch (error) {
      throw error.name === "AbortError" ? error : unreachable();
    }
    if (next.done) throw unreachable(); // cut off: an answer ends with `done`
    const [name, data] = next.value;
    if (name === "error") throw new Refusal(data.error);
    yield next.value;
    if (name === "done") return;
  }
}

function messages({ question, answer }) {
  if (!answer) return [];
  return [
    { role: "user", content: question },
    { role: "assistant", content: (answer.answer ?? "The articles do not say.").slice(0, 20_000) },
  ];
}
