// The arrow keys in an empty question bring earlier questions back.

/** Wires a field; `earlier` returns the questions, the latest first. */
export function recallQuestions(field, earlier) {
  let shown = -1; // index of the question in the field, -1 for none

  field.addEventListener("keydown", (event) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const questions = [...new Set(earlier())];
    if (field.value !== (questions[shown] ?? "")) shown = -1;
    const next = shown + step;
    if (field.value !== (questions[shown] ?? "") || next < -1 || next >= questions.length) return;
    event.preventDefault();
    shown = next;
    field.value = questions[shown] ?? "";
    field.setSelectionRange(field.value.length, field.value.length);
  });
}
