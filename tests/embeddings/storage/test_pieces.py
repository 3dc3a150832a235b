"""Excerpts from pieces are equal to those of the whole text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.storage.pieces import PIECE_LENGTH, Piece, excerpt, piece_numbers, pieces
from embeddings.text.article import Article, Span

texts = st.lists(
    st.tuples(st.sampled_from(["a", "é", "😀", " ", "\n", "\n\n", " \n \n", "\x00", "word "]), st.integers(1, 3_000)),
    min_size=1,
    max_size=6,
).map(lambda runs: "".join(run * times for run, times in runs) + ".")


def held(text: str, span: Span) -> list[Piece]:
    first, last = piece_numbers(span)
    return [piece for piece in pieces(text) if first <= piece.number <= last]


@given(texts, st.data())
def test_an_excerpt_from_pieces_is_that_of_the_whole_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start=start, end=data.draw(st.integers(start, len(text))))
    article = Article.create(text)

    assert excerpt(article.entry, span, held(text, span)) == article.excerpt(span)


@pytest.mark.parametrize("at", [0, 1, PIECE_LENGTH - 1, PIECE_LENGTH, PIECE_LENGTH + 1])
def test_a_blank_line_across_a_piece_boundary_separates_paragraphs(at: int) -> None:
    text = "x" * at + "\n \n" + "y" * PIECE_LENGTH
    span = Span(start=text.index("y"), end=len(text))
    article = Article.create(text)
    assert excerpt(article.entry, span, held(text, span)).paragraph == article.paragraph(span.start)


def test_splitting_into_pieces_takes_linear_time() -> None:
    def seconds(paragraphs: int) -> float:
        text = "One is here. 😀\n\n" * paragraphs
        started = time.process_time()
        assert sum(len(piece.text) for piece in pieces(text)) == len(text)
        return time.process_time() - started

    assert min(seconds(40_000) for _ in range(3)) < 8 * min(seconds(10_000) for _ in range(3))
