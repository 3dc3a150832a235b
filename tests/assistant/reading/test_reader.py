import pytest

from assistant.reading.cached_pairs import TitledPassage
from assistant.reading.reader import Reader, small_reader

TREATY = TitledPassage(
    "Treaty signed in Oslo", "The two countries signed the treaty in Oslo on 4 May 1998, after nine months."
)
BAKERY = TitledPassage("", "The bakery opens at six in the morning and sells its last loaf by noon.")


@pytest.fixture(scope="module")
def reader() -> Reader:
    found = small_reader()
    assert found is not None, "the weights ship with the project"
    return found


def test_the_best_span_is_the_answer(reader: Reader) -> None:
    (logits,) = reader.read("Where was the treaty signed?", [TREATY])
    found = logits.best_span()
    assert found is not None
    assert found.span.cut(TREATY.text) == "Oslo"


def test_scores_compare_across_passages(reader: Reader) -> None:
    treaty, bakery = reader.read("When does the bakery open?", [TREATY, BAKERY])
    assert bakery.has_answer > treaty.has_answer
    assert (bakery.best_span() or (None, 0.0))[1] > (treaty.best_span() or (None, 0.0))[1]


def test_a_passage_has_the_same_logits_in_any_batch(reader: Reader) -> None:
    (alone,) = small_reader.__wrapped__().read("When does the bakery open?", [BAKERY])
    beside = reader.read("When does the bakery open?", [TitledPassage("", TREATY.text * 12), BAKERY])[1]
    assert alone.has_answer == pytest.approx(beside.has_answer, abs=1e-3)
    assert (alone.best_span() or (None,))[0] == (beside.best_span() or (None,))[0]


def test_a_passage_longer_than_the_network_reads_is_truncated(reader: Reader) -> None:
    (logits,) = reader.read("When does the bakery open?", [TitledPassage("", BAKERY.text * 100)])
    assert 400 < len(logits.offsets) < 512


def test_without_passages_there_are_no_logits(reader: Reader) -> None:
    assert reader.read("When?", []) == []
