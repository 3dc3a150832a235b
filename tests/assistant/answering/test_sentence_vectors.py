from collections.abc import Callable

import pytest

from assistant.answering import sentence_vectors
from assistant.answering.sentence_vectors import SentenceVectors
from tests.hashed_words import HashedWords


@pytest.fixture
def remembering(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """The texts that are encoded when sentences are asked for in turn, of which two are remembered."""
    monkeypatch.setattr(sentence_vectors, "REMEMBERED", 2)

    def asked(*sentences: list[str]) -> list[str]:
        encoder = HashedWords()
        vectors = SentenceVectors(encoder)
        for texts in sentences:
            assert (vectors.of(texts) == HashedWords().encode(texts, "passage")).all()
        return encoder.encoded

    return asked


def test_a_sentence_is_encoded_once_while_it_is_remembered(remembering: Callable[..., list[str]]) -> None:
    assert remembering(["a", "b", "a"], ["b"], ["a"]) == ["a", "b"]


def test_the_sentence_that_was_asked_for_longest_ago_is_forgotten(remembering: Callable[..., list[str]]) -> None:
    assert remembering(["a"], ["b"], ["a"], ["c"], ["a"], ["b"]) == ["a", "b", "c", "b"]


def test_more_sentences_than_are_remembered_are_encoded_all_the_same(remembering: Callable[..., list[str]]) -> None:
    assert remembering(["a", "b", "c"], ["b", "c"]) == ["a", "b", "c"]
