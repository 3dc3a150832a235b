// Jobs of the server: work that goes on after its request was answered.

import { events } from "./events.js";
import { call, ServerError, connectionError } from "./server.js";

/** Resolves to a job once it is done. Throws a ServerError if it fails or is cancelled. */
export async function follow(id) {
  const { body } = await call(`jobs/${id}/events`);
  const received = events(body);
  for (;;) {
    const { value, done } = await received.next().catch(() => ({ done: true }));
    if (done) throw connectionError(); // the stream was cut off: it ends with the finished job
    const [name, data] = value;
    if (name === "error" || data.state === "failed") throw new ServerError(data.error);
    if (data.state === "cancelled") throw new ServerError({ message: "The job was cancelled." });
    if (data.state === "done") return data;
  }
}
