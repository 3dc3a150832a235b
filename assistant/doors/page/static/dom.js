// DOM helpers. Strings become text nodes or attributes and are never parsed as HTML.

/** Creates an element: `h("a", { href, onclick }, "text", element)`. Null and false attributes and children are left out. */
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

/** A handler of clicks on a link without modifier keys; with one, the browser opens a new tab or window. */
export const onPlainClick = (handler) => (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  handler();
};

/** Joins the values that are known: "Reuters · 3 October 2016 · paragraph 4". */
export const facts = (...values) => values.filter(Boolean).join(" · ");

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** Formats an ISO date: "3 October 2016"; an absent date is returned as it is. */
export const day = (date) => date && DAY.format(new Date(date));

export const percent = (fraction) => `${Math.round(100 * fraction)} %`;
