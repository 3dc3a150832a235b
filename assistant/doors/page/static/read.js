// The reading page: highlights the spans in the URL's fragment and scrolls to the first.

import { citedSpans, highlight } from "./highlight.js";
import { citationSteps } from "./steps.js";

const text = document.getElementById("text");

function show() {
  document.querySelector(".steps")?.remove();
  const buttons = citationSteps(text, highlight(text, citedSpans(location.hash)));
  if (buttons) document.body.append(buttons);
}

addEventListener("hashchange", show);
show();
