// The question of a turn, which can be edited in its place.

import { h } from "./dom.js";

/** The question with a button to edit it. `ask` is called once `turn.question` has changed. */
export function questionHeading(turn, ask) {
  const row = h("div", { class: "asked" });
  const edit = h("button", { class: "plain", "aria-label": "Edit", title: "Edit", onclick: change }, "✎");

  function show() {
    row.replaceChildren(h("h2", { class: "question", dir: "auto" }, turn.question), edit);
  }

  function change() {
    const field = h("textarea", { "aria-label": "New wording", rows: 1, maxlength: 2000, required: true, dir: "auto" }, turn.question);
    const form = h("form", null, field, h("button", { class: "primary" }, "Ask"), h("button", { type: "button", onclick: close }, "Cancel"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const question = field.value.trim();
      if (!question) return;
      turn.question = question;
      close();
      ask();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === field && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      } else if (event.key === "Escape") {
        event.preventDefault(); // it would close a panel
        close();
      }
    });
    row.firstChild.className = "visually-hidden"; // screen readers find the turn by its heading
    row.replaceChildren(row.firstChild, form);
    field.focus();
    field.select();
  }

  function close() {
    show();
    edit.focus();
  }

  show();
  return row;
}
