// Streams of the server: events as they arrive, up to and with `done`.

import { events } from "./events.js";
import { call, ServerError, connectionError } from "./server.js";

/** Yields `["citation" | "sentence" | "done", value]`. Throws a ServerError, or the signal's AbortError. */
export async function* stream(path, json, signal) {
  const { body } = await call(path, { json: { ...json, stream: true }, signal });
  const received = events(body);
  for (;;) {
    let next;
    try {
      next = await received.next();
    } catch (error) {
      throw error.name === "AbortError" ? error : connectionError();
    }
    if (next.done) throw connectionError(); // the stream was cut off: it ends with `done`
    const [name, data] = next.value;
    if (name === "error") throw new ServerError(data.error);
    yield next.value;
    if (name === "done") return;
  }
}
