import pytest

from assistant.reading.reader import Reader, Text, packaged_reader

TREATY = Text("Treaty signed in Oslo", "The two countries signed the treaty in Oslo on 4 May 1998, after nine months.")
BAKERY = Text("", "The bakery opens at six in the morning and sells its last loaf by noon.")


@pytest.fixture(scope="module")
def reader() -> Reader:
    found = packaged_reader()
    assert found is not None, "the weights ship with the project"
    return found


def test_the_answer_is_cut_out_of_the_passage(reader: Reader) -> None:
    (logits,) = reader.read("Where was the treaty signed?", [TREATY])
    found = logits.best()
    assert found is not None
    assert found.span.cut(TREATY.passage) == "Oslo"


def test_scores_compare_across_passages(reader: Reader) -> None:
    treaty, bakery = reader.read("When does the bakery open?", [TREATY, BAKERY])
    assert bakery.holds > treaty.holds
    assert (bakery.best() or (None, 0.0))[1] > (treaty.best() or (None, 0.0))[1]


def test_a_passage_is_read_alike_alone_and_beside_longer_ones(reader: Reader) -> None:
    (alone,) = Reader().read("When does the bakery open?", [BAKERY])
    beside = reader.read("When does the bakery open?", [Text("", TREATY.passage * 12), BAKERY])[1]
    assert alone.holds == pytest.approx(beside.holds, abs=1e-3)
    assert (alone.best() or (None,))[0] == (beside.best() or (None,))[0]


def test_a_passage_longer_than_the_network_reads_is_read_as_far_as_it_goes(reader: Reader) -> None:
    (logits,) = reader.read("When does the bakery open?", [Text("", BAKERY.passage * 100)])
    assert 400 < len(logits.offsets) < 512


def test_nothing_to_read_is_nothing_read(reader: Reader) -> None:
    assert reader.read("When?", []) == []
