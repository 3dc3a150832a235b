// Server-sent events of a POST, which the browser's own EventSource cannot send.

/** The events of a body, as `[name, data]`, as soon as each is whole. */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const frames = (rest + value).split("\n\n");
    rest = frames.pop();
    for (const frame of frames) {
      const fields = new Map(frame.split("\n").map((line) => line.split(/: ?(.*)/s, 2)));
      if (fields.has("data")) yield [fields.get("event"), JSON.parse(fields.get("data"))];
    }
  }
}
