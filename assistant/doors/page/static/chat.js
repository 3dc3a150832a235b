// The chat page: one conversation and the form to ask a question.

import "./articles.js";
import "./check-panel.js";
import { conversations, createConversation, findConversation, saveConversation } from "./conversations.js";
import { h } from "./dom.js";
import { initExport } from "./export.js";
import { selectedFilters } from "./filters.js";
import { clearFollowUps, offerFollowUps } from "./follow-ups.js";
import { library } from "./library.js";
import { recallQuestions } from "./recall.js";
import { scope } from "./scope.js";
import { ServerError } from "./server.js";
import { hashOf, showConversations } from "./sidebar.js";
import { turnView } from "./turn.js";
import { initWelcome } from "./welcome.js";

const form = document.getElementById("ask");
const question = document.getElementById("question");
const status = document.getElementById("status");
const tools = document.getElementById("tools");
const heading = document.getElementById("conversation-name");
const welcome = document.getElementById("welcome");
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const logs = new Map(); // log elements by conversation; answers go on arriving while another conversation is shown
let current;

function show() {
  const [, id] = location.hash.match(/^#conversation-(\w+)$/) ?? [];
  if (current && location.hash && !id) return; // another fragment of this page
  current = findConversation(id) ?? createConversation();
  if (!logs.has(current.id)) logs.set(current.id, logView(current));
  const log = logs.get(current.id);
  document.getElementById("log").replaceChildren(log);
  clearFollowUps();
  showName(current);
  showConversations(current);
  log.lastElementChild?.scrollIntoView();
}

function showName({ name }) {
  heading.textContent = name;
  heading.hidden = !name;
  welcome.hidden = Boolean(name);
  tools.hidden = !name;
  document.title = name || "Article assistant";
}

// Screen readers announce only what is added to a live region later, not the turns that it is created with.
function logView(conversation) {
  const log = h("section", { role: "log", "aria-label": "Conversation" });
  log.append(...conversation.turns.map((turn) => createTurnView(turn, conversation).element));
  return log;
}

function createTurnView(turn, conversation) {
  const { turns } = conversation;
  const isLatest = () => conversation === current && turn === turns.at(-1);
  const view = turnView(turn, () => turns.slice(0, turns.indexOf(turn)), {
    save: () => save(conversation),
    ask: clearFollowUps,
    answer: () => isLatest() && offerFollowUps(view.element, turn, conversation, ask),
  });
  return view;
}

function save(conversation) {
  if (findConversation(conversation.id) !== conversation) return; // deleted before its answer arrived
  conversation.changed = Date.now();
  if (!saveConversation(conversation)) status.textContent = "This browser has no more room: delete a conversation to keep this one.";
  showConversations(current);
}

function ask(text, filters = selectedFilters()) {
  const conversation = current;
  const turn = { question: text, filters, articles: filters?.article_ids && scope.articles };
  conversation.turns.push(turn);
  const { element, run } = createTurnView(turn, conversation);
  save(conversation);
  if (location.hash !== hashOf(conversation)) history.pushState(null, "", hashOf(conversation));
  showName(conversation);
  logs.get(conversation.id).append(element);
  run();
  element.scrollIntoView({ behavior: reducedMotion.matches ? "auto" : "smooth" });
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
// Errors that are shown nowhere else, such as that the list of articles could not be loaded.
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof ServerError)) return;
  event.preventDefault();
  status.textContent = `${event.reason.message} ${event.reason.hint}`;
});
library.addEventListener("change", () => (status.textContent = ""));
recallQuestions(question, () => {
  const all = [current, ...conversations().filter((other) => other !== current)];
  return all.flatMap(({ turns }) => turns.map((turn) => turn.question).reverse());
});
initExport(() => current);
initWelcome((text) => {
  question.focus();
  ask(text, scope.articles.length === 1 ? { article_ids: scope.articles.map(({ id }) => id) } : null); // as it was drawn
});
show();
question.focus();
library.load();
