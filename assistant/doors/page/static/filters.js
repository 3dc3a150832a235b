// Filters of the next question: by source and by date of publication.

import { day, facts, h } from "./dom.js";
import { library } from "./library.js";

const form = document.getElementById("filters");
const sources = form.querySelector(".sources");
const summary = document.querySelector("#filters-button .selection");

/** The selected filters as `/ask` takes them; undefined if there are none. */
export function selectedFilters() {
  const data = new FormData(form);
  const filters = {
    ...(data.has("source") && { sources: data.getAll("source") }),
    ...(data.get("published_after") && { published_after: data.get("published_after") }),
    ...(data.get("published_before") && { published_before: data.get("published_before") }),
  };
  return Object.keys(filters).length ? filters : undefined;
}

/** The filters as text. */
export const describeFilters = (filters) =>
  filters
    ? facts(
        filters.sources?.join(", "),
        filters.published_after && `from ${day(filters.published_after)}`,
        filters.published_before && `until ${day(filters.published_before)}`,
      )
    : "All articles";

function showSelection() {
  summary.textContent = describeFilters(selectedFilters());
}

library.addEventListener("change", () => {
  const checked = new Set(new FormData(form).getAll("source"));
  const boxes = library.sources.map((source) =>
    h(
      "label",
      null,
      h("input", { type: "checkbox", name: "source", value: source, checked: checked.has(source) }),
      source,
    ),
  );
  sources.replaceChildren(...(boxes.length ? boxes : ["No article names its source."]));
  if (library.nextCursor) sources.append(h("button", { type: "button", class: "plain", onclick: () => library.next() }, "More"));
  showSelection();
});
form.addEventListener("input", showSelection);
form.addEventListener("reset", () => setTimeout(showSelection));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  form.hidePopover();
});
