// The reading page: highlights what the URL cites, scrolls to the first, and steps through the others.

import { citedSpans, highlight } from "./highlight.js";
import { steps } from "./steps.js";

const text = document.getElementById("text");

function show() {
  document.querySelector(".steps")?.remove();
  const buttons = steps(text, highlight(text, citedSpans(location.hash)));
  if (buttons) document.body.append(buttons);
}

addEventListener("hashchange", show);
show();
