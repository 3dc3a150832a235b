import pytest

from embeddings.retrieval.segments import MAX_PASSAGES, Segment, plan


def written(first: int, last: int, passages: int) -> Segment:
    return Segment(first=first, last=last, passages=passages, files={f"{first}.idx": "sha256"})


def ranges(planned: list[Segment]) -> list[tuple[int, int, int, bool]]:
    return [(one.first, one.last, one.passages, bool(one.files)) for one in planned]


def test_only_segments_with_removed_passages_are_rebuilt() -> None:
    there = [written(1, 100, 100), written(101, 150, 50), written(151, 160, 10)]

    assert ranges(plan(there, [120, 121], [])) == [(1, 100, 100, True), (101, 150, 48, False), (151, 160, 10, True)]


def test_a_segment_without_passages_is_dropped() -> None:
    assert ranges(plan([written(1, 100, 100), written(101, 102, 2)], [101, 102], [])) == [(1, 100, 100, True)]


def test_new_segments_are_merged_with_smaller_ones_before_them() -> None:
    there = [written(1, 100, 100), written(101, 110, 10), written(111, 113, 3)]

    assert ranges(plan(there, [], range(114, 118))) == [(1, 100, 100, True), (101, 110, 10, True), (111, 117, 7, False)]
    assert ranges(plan(there, [], range(114, 300))) == [(1, 299, 299, False)]


def test_a_growing_library_has_few_segments_and_rarely_rewrites_a_passage() -> None:
    there: list[Segment] = []
    batch, batches, made = 64, 1024, 0
    for number in range(batches):
        planned = plan(there, [], range(number * batch, (number + 1) * batch))
        made += sum(segment.passages for segment in planned if not segment.files)
        there = [segment.model_copy(update={"files": {"some": "file"}}) for segment in planned]

    assert sum(segment.passages for segment in there) == batch * batches
    assert max(segment.passages for segment in there) <= MAX_PASSAGES
    assert len(there) <= batch * batches // MAX_PASSAGES + 7
    assert made / (batch * batches) <= 7  # each time it is in a segment twice as large


def test_a_large_library_has_larger_segments_so_that_their_number_grows_slowly() -> None:
    there: list[Segment] = []
    for first in range(0, 1_000_000, 4_000):
        planned = plan(there, [], range(first, first + 4_000))
        there = [segment.model_copy(update={"files": {"some": "file"}}) for segment in planned]

    assert len(there) < 80
    assert max(segment.passages for segment in there) <= 1_000_000 // 16


@pytest.mark.parametrize("passages", [1, MAX_PASSAGES, 3 * MAX_PASSAGES + 1])
def test_segments_have_a_maximum_size(passages: int) -> None:
    planned = plan([], [], range(passages))

    assert len(planned) == -(-passages // MAX_PASSAGES)
    assert [one.first for one in planned[1:]] == [one.last + 1 for one in planned[:-1]]
