// What the server is doing while an answer is awaited, in words.

import { library } from "./library.js";

const STAGES = {
  rewrite: () => "Reading the question…",
  search: ({ filters }) => (filters ? "Searching the chosen articles…" : `Searching ${articles()}…`),
  read: () => "Reading the passages that were found…",
  answer: () => "Looking for the sentences that answer…",
  write: () => "The language model writes; each sentence is checked…",
  check: () => "Checking each sentence against its source…",
  link: () => "Checking each sentence against its source…",
};

/** What is shown until the first stage begins: the question is under way, or stands in line. */
export const SENT = "Waiting for the server…";

/** The text for a stage of a turn; the one before stays if the stage is not known. */
export const stageText = (stage, turn, before) => STAGES[stage]?.(turn) ?? before;

function articles() {
  const count = library.articles.length;
  if (library.nextCursor) return `more than ${count} articles`;
  return count === 1 ? "the article" : `${count} articles`;
}
