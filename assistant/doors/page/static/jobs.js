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

/** Ends a job. What it has stored stays. */
export const cancel = (id) => call(`jobs/${id}`, { method: "DELETE" });

/** The jobs that add an article and are not finished, the oldest first; also those that were begun elsewhere. */
export async function unfinished() {
  const { jobs } = await (await call("jobs")).json();
  return jobs.filter(({ kind, state }) => kind !== "sync" && (state === "queued" || state === "running")).reverse();
}
