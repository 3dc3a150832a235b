// Hands the key in once, then loads the page that was asked for, with its #fragment.

const session = new URL("../session", document.currentScript.src);
const form = document.getElementById("sign-in");
const wrong = document.getElementById("wrong");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  wrong.textContent = "";
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
    wrong.textContent = reply.status === 401 ? "This key is not known here." : `${error.message} ${error.hint}`;
  } catch {
    wrong.textContent = "The server cannot be reached.";
  }
  form.elements.key.select();
});

// A link on another site comes without the cookie, which is for this site alone; a reload from here sends it.
const [{ type }] = performance.getEntriesByType("navigation");
if (type !== "reload") {
  fetch(session).then(({ ok }) => ok && location.reload(), () => {});
}
