// The panel that checks the sentences of a text.

import { articleUrl, openPlace } from "./article-panel.js";
import { day, facts, h, onPlainClick } from "./dom.js";
import { open } from "./panel.js";
import { stream } from "./stream.js";

const VERDICTS = { verbatim: "Word for word", supported: "Supported", contradicted: "Contradicted", not_found: "Not found" };

const panel = document.getElementById("checker");
const form = document.getElementById("check");
const button = form.querySelector("button");
const list = document.getElementById("checked");
const result = document.getElementById("check-result");

for (const opener of document.querySelectorAll(".open-checker"))
  opener.addEventListener("click", () => {
    document.getElementById("sidebar").hidePopover();
    open(panel);
  });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const citations = new Map();
  list.replaceChildren();
  result.textContent = "Checking…";
  button.disabled = true;
  try {
    for await (const [name, value] of stream("check", { text: new FormData(form).get("text") })) {
      if (name === "citation") citations.set(value.id, value);
      else if (name === "sentence") list.append(row(value, citations));
      else result.textContent = summary(value);
    }
  } catch (error) {
    result.textContent = `${error.message} ${error.hint}`;
  } finally {
    button.disabled = false;
  }
});

const holds = ({ verdict }) => verdict === "verbatim" || verdict === "supported";

function summary({ sentences, notices = [] }) {
  const of = `${sentences.length} ${sentences.length === 1 ? "sentence" : "sentences"}`;
  const said = sentences.length > 0 && `The articles say ${sentences.filter(holds).length} of ${of}.`;
  return [said, ...notices].filter(Boolean).join(" ");
}

function row(sentence, citations) {
  return h(
    "li",
    null,
    h("span", { class: holds(sentence) ? "verdict" : "verdict error" }, VERDICTS[sentence.verdict]),
    h("p", { dir: "auto" }, marked(sentence)),
    sentence.citations.flatMap((id) => place(citations.get(id), sentence)),
  );
}

// The sentence with its unsupported words marked; offsets count code points of the whole text.
function marked({ text, start, unsupported }) {
  const characters = [...text];
  const cut = (from, to) => characters.slice(from - start, to - start).join("");
  let end = start;
  const parts = unsupported.flatMap((span) => {
    const before = cut(end, span.start);
    end = span.end;
    return [before, h("mark", null, cut(span.start, span.end))];
  });
  return [...parts, cut(end, start + characters.length)];
}

function place(citation, { verdict }) {
  const { article_id, title, source, published, paragraph, quote } = citation;
  const onclick = onPlainClick(() => openPlace(citation));
  return [
    verdict !== "verbatim" && h("p", { class: "excerpt", dir: "auto" }, quote),
    h("a", { href: articleUrl(article_id, [citation]), onclick }, title),
    h("span", { class: "muted" }, facts(source, day(published), `paragraph ${paragraph}`)),
  ];
}
