// Copying an answer with its citations to the clipboard, as plain text and as HTML.

import { citedText, placeOf } from "./cited-text.js";
import { facts, h } from "./dom.js";

const CONFIRMATION = 2000; // milliseconds for which the button shows the result

/** Copies an answer; the button shows the result for a moment. */
export async function copyAnswer(answer, button) {
  const label = button.textContent;
  button.textContent = await copy({ "text/plain": plainText(answer), "text/html": html(answer) }).then(
    () => "Copied",
    () => "Not copied: the browser refused",
  );
  setTimeout(() => (button.textContent = label), CONFIRMATION);
}

async function copy(formats) {
  if (navigator.clipboard) {
    const blobs = Object.entries(formats).map(([type, text]) => [type, new Blob([text], { type })]);
    return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  }
  // The Clipboard API needs a secure context, which plain HTTP from another machine is not.
  addEventListener("copy", (event) => {
    for (const [type, text] of Object.entries(formats)) event.clipboardData.setData(type, text);
    event.preventDefault();
  }, { once: true });
  if (!document.execCommand("copy")) throw new Error("refused");
}

const labelOf = (citation, index) => facts(`[${index + 1}] ${citation.title}`, placeOf(citation));

function plainText(answer) {
  const sources = answer.citations.map((one, index) => `${labelOf(one, index)}\n“${one.quote}”\n${one.link}`);
  return [answer.question, citedText(answer), ...sources].join("\n\n") + "\n";
}

// The browser serialises the elements, which escapes their text.
function html(answer) {
  const blockquote = (one, index) =>
    h("blockquote", null, h("p", null, one.quote), h("p", null, h("a", { href: one.link }, labelOf(one, index))));
  const question = h("p", null, h("b", null, answer.question));
  return h("div", null, question, h("p", null, citedText(answer)), ...answer.citations.map(blockquote)).outerHTML;
}
