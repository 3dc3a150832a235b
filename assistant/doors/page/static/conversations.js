// Conversations, kept in this browser: one item of localStorage each, so that two tabs do not overwrite each other.

const PREFIX = "conversation:";
const NAME_LENGTH = 60;
const read = new Map(); // one object a conversation, whoever asks for it

/** All of them, the latest first. */
export function conversations() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => find(key.slice(PREFIX.length)))
    .filter(Boolean)
    .sort((a, b) => b.changed - a.changed);
}

/** One of them; undefined when there is none, or when it cannot be read. */
export function find(id) {
  if (!read.has(id)) {
    try {
      read.set(id, JSON.parse(localStorage.getItem(PREFIX + id)) ?? undefined);
    } catch {
      return undefined;
    }
  }
  return read.get(id);
}

/** A conversation nothing was asked in yet; it is kept from its first question on. */
export function begin() {
  const conversation = { id: Date.now().toString(36), name: "", changed: 0, turns: [] };
  read.set(conversation.id, conversation);
  return conversation;
}

/** Keeps it, named by its first question unless it has a name; false when the browser has no room. */
export function keep(conversation) {
  read.set(conversation.id, conversation);
  conversation.name ||= conversation.turns[0].question.slice(0, NAME_LENGTH);
  try {
    localStorage.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
    return true;
  } catch {
    return false;
  }
}

/** Deletes it; whoever still holds it can keep it again. */
export function forget(id) {
  read.delete(id);
  localStorage.removeItem(PREFIX + id);
}
