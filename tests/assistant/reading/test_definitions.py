"""What something is is never read out of a word that only continues its name."""

import os
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading import base_model
from assistant.reading.cached_pairs import TitledPassage
from assistant.reading.definitions import name_spans, with_determiner
from assistant.reading.reader import Reader, careful_reader, small_reader
from embeddings.text.article import Span

TEXT = "A graph shows the Polonius roadmap. Polonius, a borrow checker, is new; Polonius 2 is not planned."


def named(question: str) -> list[str]:
    return [one.cut(TEXT) for one in name_spans(question, TEXT)]


@pytest.mark.parametrize("question", ["What is Polonius?", "what's polonius", "What was the Polonius?"])
def test_a_name_is_found_with_the_word_that_continues_it(question: str) -> None:
    assert named(question) == ["the Polonius roadmap", "Polonius", "Polonius"]


@pytest.mark.parametrize("question", ["Who made Polonius?", "What does the Polonius roadmap show?", "Polonius"])
def test_other_questions_may_be_answered_anywhere(question: str) -> None:
    assert named(question) == []


@pytest.mark.parametrize("load", [small_reader, careful_reader])
def test_the_reader_takes_no_compound_for_a_definition(load: Callable[[], Reader]) -> None:
    text = "A graph of the Polonius roadmap follows. Polonius is the new borrow checker."
    if load is careful_reader and not base_model.is_installed() and os.environ.get("REQUIRE_MODEL") != "1":
        pytest.skip("the careful reader is not installed")
    (logits,) = load().read("What is Polonius?", [TitledPassage("", text)])
    best = logits.best_span()
    assert best is not None
    assert "borrow checker" in best.span.cut(text)


def test_a_short_definition_begins_with_its_determiner() -> None:
    text = "Kerry spoke to his Russian counterpart, Sergei Lavrov."
    span = Span(start=text.index("counterpart"), end=text.index(", Sergei"))
    assert with_determiner("Who is Sergei Lavrov?", text, span).cut(text) == "his Russian counterpart"
    assert with_determiner("Who did Kerry speak to?", text, span) == span


@given(st.text("ab. -’?", min_size=1, max_size=8), st.text("abAB. -’", max_size=40))
def test_names_are_found_in_order_inside_the_passage(term: str, text: str) -> None:
    ends = [0]
    for span in name_spans(f"What is {term}?", text):
        assert ends[-1] <= span.start < span.end <= len(text)
        ends.append(span.end)
