// The sign-in page: sends the key, then reloads the requested page with its fragment.

const session = new URL("../session", document.currentScript.src);
const form = document.getElementById("sign-in");
const message = document.getElementById("error");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  message.textContent = "";
  try {
    const reply = await fetch(session, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ key: form.elements.key.value.trim() }),
    });
    if (reply.ok) {
      location.reload();
      return;
    }
    const { error } = await reply.json();
    message.textContent = reply.status === 401 ? "This key is not known here." : `${error.message} ${error.hint}`;
  } catch {
    message.textContent = "The server cannot be reached.";
  }
  form.elements.key.select();
});

// After a click on another site's link, the browser does not send the SameSite cookie; a reload sends it.
const [{ type }] = performance.getEntriesByType("navigation");
if (type !== "reload") {
  fetch(session).then(({ ok }) => ok && location.reload(), () => {});
}
