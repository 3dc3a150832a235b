// Elements without HTML: every string becomes a text node or an attribute, so nothing in an article is ever parsed.

/** `h("a", { href, onclick }, "text", element)`. An attribute that is null or false is left out, as is such a child. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** A handler of plain clicks on a link; a new tab or window stays the browser's to open. */
export const plainly = (handler) => (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  handler();
};

/** "Reuters · 3 October 2016 · paragraph 4" of whatever is known. */
export const facts = (...known) => known.filter(Boolean).join(" · ");

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** An ISO date as people write it; nothing of nothing. */
export const day = (date) => date && DAY.format(new Date(date));

export const percent = (share) => `${Math.round(100 * share)} %`;
