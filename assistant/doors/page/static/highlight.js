// Highlighting of spans, in Unicode code points, with `mark` elements. No HTML is parsed.

/** The spans of `#c=start-end` (several separated by commas), sorted and merged. */
export function citedSpans(hash) {
  const [, list = ""] = hash.match(/^#c=([\d,-]+)$/) ?? [];
  const spans = list
    .split(",")
    .map((span) => span.match(/^(\d+)-(\d+)$/))
    .filter(Boolean)
    .map(([, start, end]) => [Number(start), Number(end)]);
  return mergeSpans(spans);
}

/** Sorts spans, merges overlapping ones and drops empty ones. */
export function mergeSpans(spans) {
  const merged = [];
  for (const [start, end] of spans.filter(([start, end]) => start < end).sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** Replaces all marks in an element by marks on these spans (sorted, disjoint). Returns a list of marks per span. */
export function highlight(text, spans) {
  for (const mark of text.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
  text.normalize();
  const marks = spans.map(() => []);
  // From the last to the first, so that the offsets of earlier pieces stay valid.
  for (const [span, node, from, to] of coveredPieces(text, spans).reverse()) {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    const mark = document.createElement("mark");
    range.surroundContents(mark);
    marks[span].unshift(mark);
  }
  return marks.filter((list) => list.length);
}

// The parts of text nodes that the spans cover, as [span index, node, start, end] with offsets in UTF-16 code units.
function coveredPieces(text, spans) {
  const pieces = [];
  const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let at = 0;
  for (let span = 0; span < spans.length && nodes.nextNode(); ) {
    const node = nodes.currentNode;
    let from = null;
    let unit = 0;
    for (const character of node.data) {
      const inside = span < spans.length && spans[span][0] <= at;
      if (inside && from === null) from = unit;
      unit += character.length;
      at += 1;
      if (inside && at === spans[span][1]) {
        pieces.push([span, node, from, unit]);
        from = null;
        span += 1;
      }
    }
    if (from !== null) pieces.push([span, node, from, unit]);
  }
  return pieces;
}
