from hypothesis import given
from hypothesis import strategies as st

from training.data.edits import edit, places, sentences, without

TEXT = st.text(alphabet="ab .\nC", max_size=40)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]], list[tuple[int, int]]]:
    """A text, edits of it that do not overlap, and any spans."""
    text = draw(TEXT)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    edits = [(start, end, draw(TEXT)) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    ends = st.integers(0, len(text))
    spans = [(min(pair), max(pair)) for pair in draw(st.lists(st.tuples(ends, ends), max_size=4))]
    return text, edits, [(start, end) for start, end in spans if start < end]


@given(edited())
def test_a_span_that_no_edit_touches_has_the_same_characters_after_it(
    case: tuple[str, list[tuple[int, int, str]], list[tuple[int, int]]],
) -> None:
    text, edits, spans = case
    changed = edit(text, edits, spans)
    untouched = [(s, e) for s, e in spans if all(end <= s or e <= start for start, end, _ in edits)]
    assert [changed.text[s:e] for s, e in changed.spans] == [text[s:e] for s, e in untouched]
    assert len(changed.text) == len(text) + sum(len(new) - (end - start) for start, end, new in edits)


def test_a_name_stands_only_where_it_is_a_whole_word() -> None:
    assert places("Norman met Normandy's Norman.", "Norman") == [(0, 6), (22, 28)]


def test_a_sentence_goes_with_the_space_before_it_and_the_spans_stay() -> None:
    text = "It opened in May. It closed in June. It burnt."
    _, second, _ = sentences(text)
    left = without(text, [second], [(13, 16), (40, 45)])
    assert left.text == "It opened in May. It burnt."
    assert [left.text[s:e] for s, e in left.spans] == ["May", "burnt"]


def test_what_stands_before_the_first_sentence_goes_with_it() -> None:
    text = "It opened. It closed."
    assert without(text, sentences(text)[:1]).text == "It closed."
