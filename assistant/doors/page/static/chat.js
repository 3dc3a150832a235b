// The chat page: a conversation at a time, asked from the box below it.

import "./articles.js";
import { begin, find, keep } from "./conversations.js";
import { h } from "./dom.js";
import { chosen } from "./filters.js";
import { library } from "./library.js";
import { Refusal } from "./server.js";
import { addressOf, showConversations } from "./sidebar.js";
import { turnView } from "./turn.js";
import { welcoming } from "./welcome.js";

const form = document.getElementById("ask");
const question = document.getElementById("question");
const status = document.getElementById("status");
const heading = document.getElementById("name");
const welcome = document.getElementById("welcoming");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const logs = new Map(); // of every conversation opened so far: an answer goes on arriving while another is read
let current;

function show() {
  const [, id] = location.hash.match(/^#conversation-(\w+)$/) ?? [];
  if (current && location.hash && !id) return; // another anchor of this page
  current = find(id) ?? begin();
  if (!logs.has(current.id)) logs.set(current.id, logOf(current));
  const log = logs.get(current.id);
  document.getElementById("log").replaceChildren(log);
  named(current);
  showConversations(current);
  log.lastElementChild?.scrollIntoView();
}

function named({ name }) {
  heading.textContent = name;
  heading.hidden = !name;
  welcome.hidden = Boolean(name);
  document.title = name || "Article assistant";
}

// A live region that comes with its turns does not read them out; what arrives later it does.
function logOf(conversation) {
  const log = h("section", { role: "log", "aria-label": "Conversation" });
  log.append(...conversation.turns.map((turn) => view(turn, conversation).element));
  return log;
}

function view(turn, conversation) {
  const earlier = conversation.turns.slice(0, conversation.turns.indexOf(turn));
  return turnView(turn, earlier, () => kept(conversation));
}

function kept(conversation) {
  if (find(conversation.id) !== conversation) return; // deleted before its answer came
  conversation.changed = Date.now();
  if (!keep(conversation)) status.textContent = "This browser has no more room: delete a conversation to keep this one.";
  showConversations(current);
}

function ask(text) {
  const conversation = current;
  const turn = { question: text, filters: chosen() };
  conversation.turns.push(turn);
  const { element, run } = view(turn, conversation);
  kept(conversation);
  if (location.hash !== addressOf(conversation)) history.pushState(null, "", addressOf(conversation));
  named(conversation);
  logs.get(conversation.id).append(element);
  run();
  element.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth" });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text) return;
  form.reset();
  ask(text);
});

question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

addEventListener("hashchange", show);
// What nothing else shows: the list of articles could not be had.
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Refusal)) return;
  event.preventDefault();
  status.textContent = `${event.reason.message} ${event.reason.hint}`;
});
library.addEventListener("change", () => (status.textContent = ""));
welcoming((text) => {
  question.focus();
  ask(text);
});
show();
question.focus();
library.load();
