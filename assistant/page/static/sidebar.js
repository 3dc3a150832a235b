// The conversations of this browser, by name: each a link, to be renamed, deleted, and brought back.

import { conversations, forget, keep } from "./conversations.js";
import { h } from "./dom.js";

const list = document.getElementById("conversations");

export const addressOf = ({ id }) => `#conversation-${id}`;

/** Shows the list; `current` is the conversation that is open. */
export function showConversations(current) {
  list.replaceChildren(...conversations().map((one) => row(one, one.id === current.id)));
}

function row(conversation, isCurrent) {
  const { name } = conversation;
  const item = h("li", null);
  const link = h("a", { href: addressOf(conversation), "aria-current": isCurrent && "page", dir: "auto" }, name);
  const rename = h("button", { class: "plain", "aria-label": `Rename ${name}`, onclick: () => renaming(conversation, item) }, "✎");
  const remove = h("button", { class: "plain", "aria-label": `Delete ${name}`, onclick: () => removed(conversation, item) }, "×");
  item.append(link, rename, remove);
  item.reset = () => item.replaceWith(row(conversation, isCurrent));
  return item;
}

function renaming(conversation, item) {
  const input = h("input", { value: conversation.name, "aria-label": "Name", maxlength: 60 });
  const done = (name) => {
    conversation.name = name.trim() || conversation.name;
    keep(conversation);
    item.reset();
  };
  input.addEventListener("blur", () => done(input.value), { once: true });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.value = conversation.name;
    if (event.key === "Enter" || event.key === "Escape") input.blur();
    if (event.key === "Escape") event.preventDefault();
  });
  item.replaceChildren(input);
  input.select();
}

function removed(conversation, item) {
  const back = h("button", { class: "plain", onclick: () => (keep(conversation), item.reset()) }, "Undo");
  item.replaceChildren(h("span", { class: "faint", role: "status" }, `Deleted ${conversation.name}`), back);
  back.focus();
  forget(conversation.id);
}
