import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.short_answers import shown_span
from embeddings.text.article import Span


@pytest.mark.parametrize(
    ("text", "found", "shown"),
    [
        (
            'A stone by "The friends of Dr Thorndyke" in 1979.',
            'The friends of Dr Thorndyke"',
            '"The friends of Dr Thorndyke"',
        ),
        ('A stone by the friends of "Dr Thorndyke" in 1979.', 'friends of "Dr Thorndyke', 'friends of "Dr Thorndyke"'),
        ("The blue agave (Agave azul) grows there.", "blue agave (Agave azul", "blue agave (Agave azul)"),
        ("It is called “maní” there.", "“maní", "“maní”"),
        ("He sold 40 (of 60 boats) in May.", "(of 60", "of 60"),
        ("He said “I sold it” in May.", "sold it”", "sold it"),
        ('A 5" pipe was laid.', '5" pipe', '5" pipe'),
        ("In 1758 it came out.", "1758", "1758"),
    ],
)
def test_a_short_answer_has_both_marks_of_a_pair_or_neither_at_its_edge(text: str, found: str, shown: str) -> None:
    start = text.index(found)
    assert shown_span("What?", text, Span(start=start, end=start + len(found))).cut(text) == shown


@given(st.text(alphabet='ab “”"()', min_size=2), st.data())
def test_a_shown_span_grows_or_shrinks_by_marks_alone(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = shown_span("What?", text, Span(start=start, end=end))
    assert 0 <= shown.start < shown.end <= len(text)
    assert not any(map(str.isalnum, text[min(start, shown.start) : max(start, shown.start)]))
    assert not any(map(str.isalnum, text[min(end, shown.end) : max(end, shown.end)]))
