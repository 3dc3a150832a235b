// An answer with its citations, on the clipboard as text and as rich text.

import { facts, h } from "./dom.js";

const SAID = 2000; // milliseconds for which a button says that it was done

/** Copies it; the button says so for a moment. */
export async function copyAnswer(answer, button) {
  const name = button.textContent;
  const done = await copy({ "text/plain": plain(answer), "text/html": rich(answer) }).then(
    () => "Copied",
    () => "Not copied: the browser refused",
  );
  button.textContent = done;
  setTimeout(() => (button.textContent = name), SAID);
}

async function copy(forms) {
  if (navigator.clipboard) {
    const blobs = Object.entries(forms).map(([type, text]) => [type, new Blob([text], { type })]);
    return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  }
  // Over plain HTTP from another machine there is no other way.
  addEventListener("copy", (event) => {
    for (const [type, text] of Object.entries(forms)) event.clipboardData.setData(type, text);
    event.preventDefault();
  }, { once: true });
  if (!document.execCommand("copy")) throw new Error("refused");
}

const placeOf = ({ title, source, paragraph }) => facts(title, source, `paragraph ${paragraph}`);

const plain = ({ question, answer, citations }) =>
  [question, answer, ...citations.map((one) => `“${one.quote}”\n${placeOf(one)}\n${one.link}`)].join("\n\n") + "\n";

// Elements are written as HTML by the browser, which escapes what is in them.
function rich({ question, answer, citations }) {
  const quoted = (one) =>
    h("blockquote", null, h("p", null, one.quote), h("p", null, h("a", { href: one.link }, placeOf(one))));
  return h("div", null, h("p", null, h("b", null, question)), h("p", null, answer), ...citations.map(quoted)).outerHTML;
}
