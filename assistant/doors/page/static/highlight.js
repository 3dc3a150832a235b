// Spans of an article's text, in Unicode code points, as marks. Text nodes are split; nothing is parsed.

/** The spans of `#c=start-end` (several parted by commas), in order, overlaps joined. */
export function citedSpans(hash) {
  const [, list = ""] = hash.match(/^#c=([\d,-]+)$/) ?? [];
  const spans = list
    .split(",")
    .map((span) => span.match(/^(\d+)-(\d+)$/))
    .filter(Boolean)
    .map(([, start, end]) => [Number(start), Number(end)]);
  return joined(spans);
}

/** Spans in order, overlaps joined, empty ones left out. */
export function joined(spans) {
  const apart = [];
  for (const [start, end] of spans.filter(([start, end]) => start < end).sort(([a], [b]) => a - b)) {
    const last = apart.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else apart.push([start, end]);
  }
  return apart;
}

/** Marks these spans (in order, apart) in the text of an element, and nothing else. One list of marks a span. */
export function highlight(text, spans) {
  for (const mark of text.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
  text.normalize();
  const marks = spans.map(() => []);
  // From the last to the first: what comes before a piece stays where it is.
  for (const [span, node, from, to] of piecesOf(text, spans).reverse()) {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    const mark = document.createElement("mark");
    range.surroundContents(mark);
    marks[span].unshift(mark);
  }
  return marks.filter((found) => found.length);
}

// The parts of text nodes that the spans cover. JavaScript counts UTF-16 units, so characters are counted on the way.
function piecesOf(text, spans) {
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
