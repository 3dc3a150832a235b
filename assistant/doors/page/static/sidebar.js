// The conversations of this browser, by name: each a link, to be renamed, deleted, and brought back.

import { conversations, forget, keep } from "./conversations.js";
import { h } from "./dom.js";

const sidebar = document.getElementById("sidebar");
const list = document.getElementById("conversations");
let open; // the conversation that is shown
let deleted; // the last that was deleted, until something else is

export const addressOf = ({ id }) => `#conversation-${id}`;

// On a narrow screen it covers what a link in it leads to.
sidebar.addEventListener("click", ({ target }) => target.closest("a") && sidebar.hidePopover());

/** Shows the list; `current` is the conversation that is open. The focus stays in its row. */
export function showConversations(current = open) {
  open = current;
  const focused = document.activeElement.closest("#conversations li")?.dataset.id;
  const all = [...conversations(), deleted].filter(Boolean).sort((a, b) => b.changed - a.changed);
  list.replaceChildren(...all.map(row));
  if (focused) list.querySelector(`[data-id="${focused}"] :is(a, button)`)?.focus();
}

function row(conversation) {
  const item = h("li", { "data-id": conversation.id });
  if (conversation === deleted) item.append(...deletedRow(conversation));
  else item.append(...keptRow(conversation, item));
  return item;
}

const keptRow = (conversation, item) => [
  h(
    "a",
    { href: addressOf(conversation), "aria-current": conversation === open && "page", dir: "auto" },
    conversation.name,
  ),
  h("button", { class: "plain", "aria-label": `Rename ${conversation.name}`, onclick: () => rename(conversation, item) }, "✎"),
  h("button", { class: "plain", "aria-label": `Delete ${conversation.name}`, onclick: () => remove(conversation) }, "×"),
];

const deletedRow = (conversation) => [
  h("span", { class: "faint", role: "status" }, `Deleted ${conversation.name}`),
  h("button", { class: "plain", onclick: () => restore(conversation) }, "Undo"),
];

function rename(conversation, item) {
  const input = h("input", { value: conversation.name, "aria-label": "Name", maxlength: 60 });
  input.addEventListener("change", () => {
    conversation.name = input.value.trim() || conversation.name;
    keep(conversation);
  });
  input.addEventListener("blur", () => showConversations());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      input.value = conversation.name;
    }
    if (event.key === "Escape" || event.key === "Enter") input.blur();
  });
  item.replaceChildren(input);
  input.select();
}

function remove(conversation) {
  deleted = conversation;
  forget(conversation.id);
  showConversations();
  if (conversation === open) location.hash = "";
}

function restore(conversation) {
  deleted = undefined;
  keep(conversation);
  showConversations();
}
