// The reading page: highlights the spans in the URL's fragment and scrolls to the first.

import { citedSpans, highlight } from "./highlight.js";
import { pageFigure, pageOf } from "./page-image.js";
import { citationSteps } from "./steps.js";

const text = document.getElementById("text");
const { article, pages = "" } = text.dataset;

function show() {
  document.querySelector(".steps")?.remove();
  const spans = citedSpans(location.hash);
  if (!spans.length) showPage([0, 0]);
  const buttons = citationSteps(text, highlight(text, spans), 0, (at) => showPage(spans[at]));
  if (buttons) document.body.append(buttons);
}

// Shows the page of a PDF document that a span is on.
function showPage([start, end]) {
  const page = pageOf(pages, start);
  if (!page) return;
  document.querySelector(".page")?.remove();
  text.before(pageFigure("../", { article_id: article, page, start, end }));
}

addEventListener("hashchange", show);
show();
