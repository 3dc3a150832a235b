from collections.abc import Callable

import pytest

from assistant.answering import sentence_vectors
from assistant.answering.sentence_vectors import SentenceVectors
from tests.hashed_words import HashedWords


@pytest.fixture
def encoded_texts(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """The texts that are encoded when sentences are asked for in turn, of which two are cached."""
    monkeypatch.setattr(sentence_vectors, "CACHE_SIZE", 2)

    def asked(*sentences: list[str]) -> list[str]:
        encoder = HashedWords()
        vectors = SentenceVectors(encoder)
        for texts in sentences:
            assert (vectors.encode(texts) == HashedWords().encode(texts, "passage")).all()
        return encoder.encoded

    return asked


def test_a_sentence_is_encoded_once_while_it_is_cached(encoded_texts: Callable[..., list[str]]) -> None:
    assert encoded_texts(["a", "b", "a"], ["b"], ["a"]) == ["a", "b"]


def test_the_least_recently_used_sentence_is_evicted(encoded_texts: Callable[..., list[str]]) -> None:
    assert encoded_texts(["a"], ["b"], ["a"], ["c"], ["a"], ["b"]) == ["a", "b", "c", "b"]


def test_more_sentences_than_fit_the_cache_are_encoded(encoded_texts: Callable[..., list[str]]) -> None:
    assert encoded_texts(["a", "b", "c"], ["b", "c"]) == ["a", "b", "c"]
