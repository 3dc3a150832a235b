import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.reading.logits import MAX_ANSWER_TOKENS, Logits
from embeddings.text.article import Span

scores = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=60)


def logits(pairs: list[tuple[int, int]]) -> Logits:
    """One token every four characters, three characters long."""
    start, end = np.array(pairs, np.float32).T
    first: NDArray[np.int64] = 4 * np.arange(len(pairs))
    return Logits(start, end, 0.0, np.stack([first, first + 3], axis=1))


@given(scores)
def test_the_best_span_has_the_highest_score_of_all_short_spans(pairs: list[tuple[int, int]]) -> None:
    found = logits(pairs).best_span()
    every = [
        pairs[i][0] + pairs[j][1] for i in range(len(pairs)) for j in range(i, min(i + MAX_ANSWER_TOKENS, len(pairs)))
    ]
    assert found is not None
    assert found[1] == max(every)
    assert pairs[found[0].start // 4][0] + pairs[found[0].end // 4][1] == max(every)


@given(scores, st.integers(0, 240), st.integers(1, 240))
def test_the_best_span_within_a_sentence_lies_inside_it(pairs: list[tuple[int, int]], start: int, length: int) -> None:
    sentence = Span(start=4 * (start // 4), end=4 * (start // 4) + 4 * length)
    found = logits(pairs).best_span(sentence)
    if sentence.start >= 4 * len(pairs):
        assert found is None
    else:
        assert found is not None
        assert sentence.start <= found[0].start < found[0].end <= sentence.end


def test_a_passage_without_tokens_has_no_span() -> None:
    empty = Logits(np.empty(0, np.float32), np.empty(0, np.float32), 0.0, np.empty((0, 2), np.int64))
    assert empty.best_span() is None
