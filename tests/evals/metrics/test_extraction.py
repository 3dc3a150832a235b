import pytest

from evals.metrics.extraction import mean_scores, segment_counts, shingle_counts, total_scores

TEXT = "The bridge over the river opened to traffic this week."


def test_a_whole_text_is_found_whatever_stands_between_its_words() -> None:
    assert shingle_counts(TEXT, TEXT.replace(" ", "\n")) == (1, 0, 0)


def test_a_menu_costs_precision_and_a_lost_sentence_costs_recall() -> None:
    menu = mean_scores([shingle_counts(TEXT, f"Home News Weather Sport {TEXT}")])
    lost = mean_scores([shingle_counts(f"{TEXT} Thousands of people walked across it.", TEXT)])
    assert (menu.recall, lost.precision) == (1, 1)
    assert menu.precision < 1 > lost.recall


def test_a_page_of_which_nothing_is_read_costs_recall_alone() -> None:
    figures = mean_scores([shingle_counts(TEXT, TEXT), shingle_counts(TEXT, "")])
    assert list(figures) == pytest.approx([1, 0.5, 2 / 3])


def test_segments_count_once_each_over_all_pages() -> None:
    counts = [segment_counts(["a  b", "c"], ["menu"], "a b menu"), segment_counts(["d"], ["menu"], "d")]
    assert counts == [(1, 1, 1), (1, 0, 0)]
    assert list(total_scores(counts)) == pytest.approx([2 / 3] * 3)
