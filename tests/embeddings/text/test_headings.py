"""Headings are context, and never among the sentences that may be cited."""

import pytest

from embeddings.text.article import Article
from embeddings.text.chunking import chunk
from tests.hashed_words import HashedWords

HEADINGS = ("Sport", "Football", "Cost", "The end")


def article(*blocks: str) -> Article:
    """An article of blocks, of which those in ``HEADINGS`` are headings."""
    text = "\n\n".join(blocks)
    return Article.create(text, title="News", sections=tuple(text.index(one) for one in blocks if one in HEADINGS))


def chunked(*blocks: str) -> list[tuple[str, list[str]]]:
    """The passages of an article, each with its sentences."""
    whole = article(*blocks)
    spans, sentences, _ = chunk(whole, HashedWords())
    return [
        (span.cut(whole.text), [sentence.cut(whole.text) for sentence in inside])
        for span, inside in zip(spans, sentences, strict=True)
    ]


def test_a_heading_is_in_the_passage_below_it_and_no_sentence_of_it() -> None:
    assert chunked("It opened.", "Cost", "It cost 40 million.") == [
        ("It opened.", ["It opened."]),
        ("Cost\n\nIt cost 40 million.", ["It cost 40 million."]),
    ]


def test_headings_below_each_other_are_in_one_passage_with_their_text() -> None:
    assert chunked("Sport", "Football", "They won. They sang.") == [
        ("Sport\n\nFootball\n\nThey won. They sang.", ["They won.", "They sang."])
    ]


def test_a_heading_at_the_end_is_in_the_passage_above_it() -> None:
    assert chunked("Cost", "It cost 40 million.", "The end") == [
        ("Cost\n\nIt cost 40 million.\n\nThe end", ["It cost 40 million."])
    ]


@pytest.mark.parametrize("blocks", [("Cost",), ("Sport", "Football")])
def test_a_text_of_headings_alone_can_be_cited(blocks: tuple[str, ...]) -> None:
    ((_, sentences),) = chunked(*blocks)
    assert sentences
