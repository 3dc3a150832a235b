// Filters of the next question: by article, by source and by date of publication.

import { day, facts, h } from "./dom.js";
import { library } from "./library.js";
import { scope } from "./scope.js";

const form = document.getElementById("filters");
const articles = form.querySelector(".chosen");
const sources = form.querySelector(".sources");
const summary = document.querySelector("#filters-button .selection");

/** The selected filters as `/ask` takes them; undefined if there are none. */
export function selectedFilters() {
  const data = new FormData(form);
  const filters = {
    ...(scope.articles.length && { article_ids: scope.articles.map(({ id }) => id) }),
    ...(data.has("source") && { sources: data.getAll("source") }),
    ...(data.get("published_after") && { published_after: data.get("published_after") }),
    ...(data.get("published_before") && { published_before: data.get("published_before") }),
  };
  return Object.keys(filters).length ? filters : undefined;
}

/** The filters as text. `chosen` are the articles of `article_ids`. */
export const describeFilters = (filters, chosen = []) =>
  filters
    ? facts(
        chosen.length > 1 ? `${chosen.length} articles` : chosen[0] && `“${chosen[0].title}”`,
        filters.sources?.join(", "),
        filters.published_after && `from ${day(filters.published_after)}`,
        filters.published_before && `until ${day(filters.published_before)}`,
      )
    : "All articles";

function showSelection() {
  summary.textContent = describeFilters(selectedFilters(), scope.articles);
}

const checkbox = (attributes, label) => h("label", null, h("input", { type: "checkbox", ...attributes }), h("span", { dir: "auto" }, label));

function showChosen() {
  const onchange = (article) => ({ target }) => scope.toggle(article, target.checked);
  const rows = scope.articles.map((article) => checkbox({ checked: true, onchange: onchange(article) }, article.title));
  articles.querySelector("div").replaceChildren(...rows);
  articles.hidden = rows.length === 0;
}

scope.addEventListener("change", () => {
  if (!form.matches(":popover-open")) showChosen(); // in the open form a row stays, so that it can be chosen again
  showSelection();
});
form.addEventListener("beforetoggle", showChosen);
library.addEventListener("change", () => {
  const checked = new Set(new FormData(form).getAll("source"));
  const boxes = library.sources.map((source) => checkbox({ name: "source", value: source, checked: checked.has(source) }, source));
  sources.replaceChildren(...(boxes.length ? boxes : ["No article names its source."]));
  if (library.nextCursor) sources.append(h("button", { type: "button", class: "plain", onclick: () => library.next() }, "More"));
  showSelection();
});
form.addEventListener("input", showSelection);
form.addEventListener("reset", () =>
  setTimeout(() => {
    scope.set([]); // the fields were reset after the event
    showChosen();
  }),
);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  form.hidePopover();
});
