// Calls to the server: a successful response, or an error that can be shown.

/** An error message with a hint, and the seconds after which to try again, if the server sent them. */
export class ServerError extends Error {
  constructor({ message, hint = "" }, retryAfter = 0) {
    super(message);
    this.hint = retryAfter ? `The server asks to wait ${retryAfter} ${retryAfter === 1 ? "second" : "seconds"}.` : hint;
    this.retryAfter = retryAfter;
  }
}

export const connectionError = () =>
  new ServerError({ message: "The server cannot be reached.", hint: "Nothing is lost: try again once it is back." });

/** Sends a request, with `json` as its body. Throws a ServerError, or the signal's AbortError. */
export async function call(path, { json, ...options } = {}) {
  if (json) Object.assign(options, postOptions(json));
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : connectionError();
  }
  return check(response);
}

/** Uploads a form, for a job to add, and reports the fraction that has been sent, which only XMLHttpRequest supports. */
export function upload(path, form, onprogress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Prefer", "respond-async");
    request.upload.onprogress = ({ loaded, total }) => onprogress(loaded / total);
    request.onerror = () => reject(connectionError());
    request.onload = () => {
      const retryAfter = request.getResponseHeader("Retry-After");
      const headers = retryAfter ? { "Retry-After": retryAfter } : {};
      resolve(check(new Response(request.response, { status: request.status, headers })));
    };
    request.send(form);
  });
}

const postOptions = (json) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(json),
});

async function check(response) {
  if (response.ok) return response;
  if (response.status === 401) {
    location.reload(); // loads the sign-in page
    return new Promise(() => {});
  }
  const { error } = await response.json().catch(() => ({}));
  const wait = Math.ceil(Number(response.headers.get("Retry-After"))) || 0; // a date is not supported
  throw new ServerError(error ?? { message: `The server replied ${response.status}.` }, wait);
}
