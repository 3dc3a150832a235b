import random

from benchmarks.word_lengths import Bm25Reference, stored_length
from embeddings.retrieval.bm25_index import Bm25Index
from embeddings.storage.state import EMPTY_STATE
from embeddings.text.passage import IndexedPassage

WORDS = [f"word{number}" for number in range(300)]


def passages() -> list[IndexedPassage]:
    chance = random.Random(1)
    return [
        IndexedPassage(key, " ".join(chance.choices(WORDS, k=chance.randint(30, 300))), "word1 word2", "a")
        for key in range(1, 401)
    ]


def test_lengths_are_stored_as_they_are_up_to_forty_and_rounded_down_above() -> None:
    assert [stored_length(length) for length in (0, 7, 24, 39, 40, 41, 42, 57, 100)] == [
        0,
        7,
        24,
        39,
        40,
        40,
        42,
        56,
        96,
    ]


def test_bm25_with_rounded_lengths_ranks_as_the_index_and_with_exact_ones_it_does_not() -> None:
    given = passages()
    index = Bm25Index("library")
    index.apply([], [one.key for one in given], lambda first, last: given[first - 1 : last], EMPTY_STATE)
    reference = Bm25Reference(given)
    questions = [" ".join(random.Random(seed).choices(WORDS, k=4)) for seed in range(20)]
    ranked = [index.search(text, 10).tolist() for text in questions]
    assert [reference.best(text, 10, stored_length) for text in questions] == ranked
    assert [reference.best(text, 10, int) for text in questions] != ranked
