// The server as the pages call it: replies that are good, or one kind of error that can be shown.

/** What went wrong, in words for a person, and the seconds that the server asks to wait, if it does. */
export class Refusal extends Error {
  constructor({ message, hint = "" }, retryAfter = 0) {
    super(message);
    this.hint = retryAfter ? `The server asks to wait ${retryAfter} ${retryAfter === 1 ? "second" : "seconds"}.` : hint;
    this.retryAfter = retryAfter;
  }
}

export const unreachable = () =>
  new Refusal({ message: "The server cannot be reached.", hint: "Nothing is lost: try again once it is back." });

/** A reply. `json` is sent as the body. Throws a Refusal, or the signal's AbortError. */
export async function call(path, { json, ...options } = {}) {
  if (json) Object.assign(options, sending(json));
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : unreachable();
  }
  return checked(response);
}

/** The same for a file, with the share of it that has been sent: only XMLHttpRequest tells. */
export function upload(path, form, onprogress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.upload.onprogress = ({ loaded, total }) => onprogress(loaded / total);
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      const retryAfter = request.getResponseHeader("Retry-After");
      const headers = retryAfter ? { "Retry-After": retryAfter } : {};
      resolve(checked(new Response(request.response, { status: request.status, headers })));
    };
    request.send(form);
  });
}

const sending = (json) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(json),
});

async function checked(response) {
  if (response.ok) return response;
  if (response.status === 401) {
    location.reload(); // the page that comes asks for a key
    return new Promise(() => {});
  }
  const { error } = await response.json().catch(() => ({}));
  const wait = Math.ceil(Number(response.headers.get("Retry-After"))) || 0; // a date, which it may be too, is not read
  throw new Refusal(error ?? { message: `The server replied ${response.status}.` }, wait);
}
