// Whether an answer was good, as a person says: kept with the conversation in this browser.

import { h } from "./dom.js";

/**
 * Two buttons, and for a bad answer a form that asks what is right. `save` is called when `turn.rating` changes:
 * `{ good }`, and for a bad answer `right`, the right answer, or `silent` if the articles do not say.
 */
export function ratingView(turn, save) {
  const up = thumb("up", "Good answer", true);
  const down = thumb("down", "Bad answer", false);
  const more = h("div", { class: "correction", role: "status" });
  const view = h("div", { class: "rating" }, up, down, more);

  function thumb(direction, label, good) {
    const onclick = () => rate(turn.rating?.good === good ? undefined : { good });
    return h("button", { class: `plain thumb ${direction}`, type: "button", "aria-label": label, title: label, onclick });
  }

  function rate(rating) {
    turn.rating = rating;
    show();
    save();
  }

  function show() {
    up.ariaPressed = String(turn.rating?.good === true);
    down.ariaPressed = String(turn.rating?.good === false);
    more.replaceChildren(...(turn.rating?.good === false ? correction() : []));
  }

  function correction() {
    const { right, silent } = turn.rating;
    if (right) return [h("p", null, `Kept: the right answer is “${right}”.`)];
    if (silent) return [h("p", null, "Kept: the articles do not say.")];
    const input = h("input", { name: "right", maxlength: 200, required: true });
    const onsubmit = (event) => {
      event.preventDefault();
      if (input.value.trim()) rate({ good: false, right: input.value.trim() });
    };
    const silence = () => rate({ good: false, silent: true });
    return [
      h(
        "form",
        { onsubmit },
        h("label", null, "The right answer, in the article’s words ", input),
        h("button", null, "Keep"),
        !turn.answer.abstained && h("button", { type: "button", onclick: silence }, "The articles do not say"),
      ),
    ];
  }

  show();
  return view;
}
