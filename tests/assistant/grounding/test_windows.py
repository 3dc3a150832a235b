from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.windows import MAX_WINDOW, best_window, candidate_windows


def test_a_sentence_is_aligned_to_the_fewest_neighbours_that_have_its_words() -> None:
    source = ["It rained.", "Kerry spoke to Lavrov.", "He threatened to leave.", "It rained."]
    assert best_window("Kerry spoke.", source) == (1, 2)
    assert best_window("Kerry threatened to leave.", source) == (1, 3)


def test_candidate_windows_come_shortest_first() -> None:
    source = ["Talks with Lavrov collapsed.", "Kerry suspended the treaty.", "It rained."]
    assert candidate_windows("Kerry suspended the treaty with Lavrov.", source) == [(1, 2), (0, 2)]


@given(st.text(), st.lists(st.text(), max_size=6))
def test_every_window_is_inside_the_source(sentence: str, source: list[str]) -> None:
    first, last = best_window(sentence, source)
    assert 0 <= first <= last <= len(source)
    assert last - first <= MAX_WINDOW
