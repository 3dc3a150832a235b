// Which articles the next question looks in: by source, and by the day they were published.

import { day, facts, h } from "./dom.js";
import { library } from "./library.js";

const form = document.getElementById("filters");
const sources = form.querySelector(".sources");
const shown = document.querySelector("#filtering .chosen");

/** The filters as `/ask` takes them; undefined when all articles are looked in. */
export function chosen() {
  const data = new FormData(form);
  const filters = {
    ...(data.has("source") && { sources: data.getAll("source") }),
    ...(data.get("published_after") && { published_after: data.get("published_after") }),
    ...(data.get("published_before") && { published_before: data.get("published_before") }),
  };
  return Object.keys(filters).length ? filters : undefined;
}

/** Filters in words. */
export const describe = (filters) =>
  filters
    ? facts(
        filters.sources?.join(", "),
        filters.published_after && `from ${day(filters.published_after)}`,
        filters.published_before && `until ${day(filters.published_before)}`,
      )
    : "All articles";

function showChosen() {
  shown.textContent = describe(chosen());
}

library.addEventListener("change", () => {
  const before = new Set(new FormData(form).getAll("source"));
  const boxes = library.sources.map((source) =>
    h(
      "label",
      null,
      h("input", { type: "checkbox", name: "source", value: source, checked: before.has(source) }),
      source,
    ),
  );
  sources.replaceChildren(...(boxes.length ? boxes : ["No article names its source."]));
  if (library.more) sources.append(h("button", { type: "button", class: "plain", onclick: () => library.next() }, "More"));
  showChosen();
});
form.addEventListener("input", showChosen);
form.addEventListener("reset", () => setTimeout(showChosen));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  form.hidePopover();
});
