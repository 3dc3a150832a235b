// Conversations in localStorage: one item each, so that two tabs do not overwrite each other's.

const PREFIX = "conversation:";
const NAME_LENGTH = 60;
const cache = new Map(); // by id, so that every caller gets the same object

/** All conversations, the latest first. */
export function conversations() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => findConversation(key.slice(PREFIX.length)))
    .filter(Boolean)
    .sort((a, b) => b.changed - a.changed);
}

/** The conversation with this id; undefined if there is none or it cannot be read. */
export function findConversation(id) {
  if (!cache.has(id)) {
    try {
      cache.set(id, JSON.parse(localStorage.getItem(PREFIX + id)) ?? undefined);
    } catch {
      return undefined;
    }
  }
  return cache.get(id);
}

/** A new conversation, which is saved from its first question on. */
export function createConversation() {
  const conversation = { id: Date.now().toString(36), name: "", changed: 0, turns: [] };
  cache.set(conversation.id, conversation);
  return conversation;
}

/** Saves a conversation, named after its first question unless it has a name; false if the storage is full. */
export function saveConversation(conversation) {
  cache.set(conversation.id, conversation);
  conversation.name ||= conversation.turns[0].question.slice(0, NAME_LENGTH);
  try {
    localStorage.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
    return true;
  } catch {
    return false;
  }
}

/** Deletes a conversation; saving the same object restores it. */
export function deleteConversation(id) {
  cache.delete(id);
  localStorage.removeItem(PREFIX + id);
}
