// The list of conversations: open, rename, delete and restore.

import { conversations, deleteConversation, saveConversation } from "./conversations.js";
import { h } from "./dom.js";

const sidebar = document.getElementById("sidebar");
const list = document.getElementById("conversations");
let open; // the conversation that is shown
let deleted; // the conversation that was deleted last and can be restored

export const hashOf = ({ id }) => `#conversation-${id}`;

// On a narrow screen the sidebar covers the conversation.
sidebar.addEventListener("click", ({ target }) => target.closest("a") && sidebar.hidePopover());

/** Shows the list, with `current` as the open conversation; the focus stays in its row. */
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
  else item.append(...conversationRow(conversation, item));
  return item;
}

const conversationRow = (conversation, item) => [
  h(
    "a",
    { href: hashOf(conversation), "aria-current": conversation === open && "page", dir: "auto" },
    conversation.name,
  ),
  h("button", { class: "plain", "aria-label": `Rename ${conversation.name}`, onclick: () => rename(conversation, item) }, "✎"),
  h("button", { class: "plain", "aria-label": `Delete ${conversation.name}`, onclick: () => remove(conversation) }, "×"),
];

const deletedRow = (conversation) => [
  h("span", { class: "muted", role: "status" }, `Deleted ${conversation.name}`),
  h("button", { class: "plain", onclick: () => restore(conversation) }, "Undo"),
];

function rename(conversation, item) {
  const input = h("input", { value: conversation.name, "aria-label": "Name", maxlength: 60 });
  input.addEventListener("change", () => {
    conversation.name = input.value.trim() || conversation.name;
    saveConversation(conversation);
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
  deleteConversation(conversation.id);
  showConversations();
  if (conversation === open) location.hash = "";
}

function restore(conversation) {
  deleted = undefined;
  saveConversation(conversation);
  showConversations();
}
