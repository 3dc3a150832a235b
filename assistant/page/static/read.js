// Highlights `#c=start-end` (several parted by commas) and scrolls to the first. Offsets are Unicode code points.

const text = document.getElementById("text");

function citedSpans(hash) {
  const [, list = ""] = hash.match(/^#c=([\d,-]+)$/) ?? [];
  const spans = list
    .split(",")
    .map((span) => span.match(/^(\d+)-(\d+)$/))
    .filter(Boolean)
    .map(([, start, end]) => [Number(start), Number(end)])
    .filter(([start, end]) => start < end)
    .sort(([a], [b]) => a - b);
  const merged = [];
  for (const [start, end] of spans) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

// The parts of text nodes that the spans cover. JavaScript counts UTF-16 units, so characters are counted on the way.
function piecesOf(spans) {
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
        pieces.push([node, from, unit]);
        from = null;
        span += 1;
      }
    }
    if (from !== null) pieces.push([node, from, unit]);
  }
  return pieces;
}

function highlight() {
  for (const mark of text.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
  text.normalize();
  // From the last to the first: what comes before a piece stays where it is.
  for (const [node, from, to] of piecesOf(citedSpans(location.hash)).reverse()) {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    range.surroundContents(document.createElement("mark"));
  }
  const first = text.querySelector("mark");
  if (!first) return;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", highlight);
highlight();
