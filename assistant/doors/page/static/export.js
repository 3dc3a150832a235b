// Exports: a conversation as Markdown or JSON, and the rated answers as questions of an evaluation.

import { NO_ANSWER } from "./abstention.js";
import { citedText, placeOf } from "./cited-text.js";
import { conversations } from "./conversations.js";
import { evalQuestions } from "./eval-questions.js";

const menu = document.getElementById("export");
const [markdown, json, rated] = menu.querySelectorAll("button");
const RATED = rated.textContent;

/** Wires the menu; `current` returns the conversation that is shown. */
export function initExport(current) {
  markdown.addEventListener("click", () => save(current().name, "md", "text/markdown", conversationMarkdown(current())));
  json.addEventListener("click", () => save(current().name, "json", "application/json", conversationJson(current())));
  rated.addEventListener("click", () => save("questions", "jsonl", "application/jsonl", evalQuestions(conversations())));
  menu.addEventListener("beforetoggle", () => {
    const count = evalQuestions(conversations()).split("\n").length - 1;
    rated.disabled = count === 0;
    rated.textContent = `${RATED} (${count})`;
  });
}

function save(name, extension, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const download = `${name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "conversation"}.${extension}`;
  Object.assign(document.createElement("a"), { href: url, download }).click();
  URL.revokeObjectURL(url);
  menu.hidePopover();
}

const conversationJson = ({ name, turns }) => JSON.stringify({ name, turns }, null, 2) + "\n";

const conversationMarkdown = ({ name, turns }) => [`# ${escaped(name)}`, ...turns.map(turnMarkdown)].join("\n\n") + "\n";

function turnMarkdown({ question, answer }) {
  const heading = `## ${escaped(question)}`;
  if (!answer) return `${heading}\n\n*This question was not answered.*`;
  const understood = answer.standalone_question !== question && `*Understood as: ${escaped(answer.standalone_question)}*`;
  const said = answer.abstained ? `*${NO_ANSWER}*` : citedText(answer, escaped);
  return [heading, understood, said, answer.citations.map(sourceMarkdown).join("\n")].filter(Boolean).join("\n\n");
}

const sourceMarkdown = (citation, index) =>
  `${index + 1}. “${escaped(citation.quote)}” [${escaped(citation.title)}](<${citation.link}>), ${escaped(placeOf(citation))}`;

// Text of an article is no markup, and a paragraph of it stays in its line.
const escaped = (text) => text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>#|~]/g, "\\$&");
