// Rated answers as questions of an evaluation: JSON Lines that `assistant eval --questions` reads.

/** A line for each rated turn that says what is right. */
export function evalQuestions(conversations) {
  const lines = conversations.flatMap(({ turns }) => turns.map(evalQuestion).filter(Boolean));
  return [...new Set(lines.map((line) => JSON.stringify(line)))].map((line) => `${line}\n`).join("");
}

// A bad answer tells nothing unless somebody said what is right; that there was no answer is wrong by itself.
function evalQuestion({ answer, rating }) {
  if (!answer || !rating || answer.mode === "about") return null;
  const { standalone_question: question, abstained, citations, short_answer: short, mode } = answer;
  const { good, right, silent } = rating;
  if (silent || (good && abstained)) return { question, answerable: false };
  if (right) return { question, answers: [right] };
  if (!good) return abstained ? { question } : null;
  const [{ article_id, quote }] = citations;
  if (mode === "digest") return { question, article_id };
  return { question, ...(short && { answers: [short] }), article_id, quote };
}
