// Panels: beside the chat on a wide screen, a modal sheet over it on a narrow one. Only one is open at a time.

const narrow = matchMedia("(width < 64rem)");
const panels = document.querySelectorAll("dialog.panel");

/** Opens a panel. The browser moves the focus into it, and back when it closes. */
export function open(panel) {
  for (const other of panels) if (other !== panel) other.close();
  if (panel.open) return;
  if (narrow.matches) panel.showModal();
  else panel.show();
}

narrow.addEventListener("change", () => {
  for (const panel of panels) {
    if (!panel.open) continue;
    panel.close();
    open(panel);
  }
});

for (const panel of panels) {
  panel.querySelector(".close").addEventListener("click", () => panel.close());
  // The browser closes a modal on Escape; this closes it on a click outside.
  panel.addEventListener("click", ({ target }) => target === panel && panel.matches(":modal") && panel.close());
}

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector(":popover-open")) return;
  for (const panel of panels) panel.close();
});
