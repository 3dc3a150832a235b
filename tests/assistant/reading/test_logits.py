import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.reading.logits import LONGEST, Logits
from embeddings.text.article import Span

scores = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=60)


def logits(pairs: list[tuple[int, int]]) -> Logits:
    """One token every four characters, three characters long."""
    start, end = np.array(pairs, np.float32).T
    first: NDArray[np.int64] = 4 * np.arange(len(pairs))
    return Logits(start, end, 0.0, np.stack([first, first + 3], axis=1))


@given(scores)
def test_the_best_span_is_the_best_of_all_that_are_short_enough(pairs: list[tuple[int, int]]) -> None:
    found = logits(pairs).best()
    every = [pairs[i][0] + pairs[j][1] for i in range(len(pairs)) for j in range(i, min(i + LONGEST, len(pairs)))]
    assert found is not None
    assert found[1] == max(every)
    assert pairs[found[0].start // 4][0] + pairs[found[0].end // 4][1] == max(every)


@given(scores, st.integers(0, 240), st.integers(1, 240))
def test_a_span_that_is_asked_for_within_a_sentence_lies_within_it(
    pairs: list[tuple[int, int]], start: int, length: int
) -> None:
    sentence = Span(start=4 * (start // 4), end=4 * (start // 4) + 4 * length)
    found = logits(pairs).best(sentence)
    if sentence.start >= 4 * len(pairs):
        assert found is None
    else:
        assert found is not None
        assert sentence.start <= found[0].start < found[0].end <= sentence.end


def test_a_passage_without_a_token_has_no_answer() -> None:
    empty = Logits(np.empty(0, np.float32), np.empty(0, np.float32), 0.0, np.empty((0, 2), np.int64))
    assert empty.best() is None
