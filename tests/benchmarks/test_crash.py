"""A few kills of ``python -m benchmarks.crash``, and the faults that it reports for a library that loses something."""

import pytest

from benchmarks import crash
from benchmarks.history import Expected, Operation, Versions

ADD = Operation("add", {1: 7, 2: 7})
REMOVE = Operation("remove many", {1: None, 2: None})


def faults(confirmed: Versions, begun: Operation | None, said: Versions, found: Versions) -> list[str]:
    expected = Expected()
    expected.confirm(confirmed)
    if begun:
        expected.begin(begun)
    expected.confirm(said)
    return list(expected.compare(found))


@pytest.mark.parametrize(
    ("confirmed", "begun", "said", "found"),
    [
        ({1: 5}, None, {}, {1: 5}),
        ({1: 5}, ADD, {}, {1: 5}),
        ({1: 5}, ADD, {}, {1: 7}),
        ({1: 5}, ADD, {1: 7}, {1: 7, 2: 7}),
        ({1: 5, 2: 6}, REMOVE, {}, {1: 5, 2: 6}),
        ({1: 5, 2: 6}, REMOVE, {}, {}),
    ],
)
def test_confirmed_changes_are_required_and_unconfirmed_ones_allowed(
    confirmed: Versions, begun: Operation | None, said: Versions, found: Versions
) -> None:
    assert faults(confirmed, begun, said, found) == []


@pytest.mark.parametrize(
    ("confirmed", "begun", "said", "found"),
    [
        ({1: 5}, None, {}, {}),
        ({1: 5}, None, {}, {1: 4}),
        ({1: 5}, None, {}, {1: 5, 2: 5}),
        ({1: 5}, ADD, {1: 7}, {1: 5}),
        ({1: 5}, ADD, {}, {}),
        ({1: 5, 2: 6}, REMOVE, {}, {1: 5}),
        ({1: 5, 2: 6}, REMOVE, REMOVE.change, {2: 6}),
    ],
)
def test_lost_restored_and_partial_changes_are_faults(
    confirmed: Versions, begun: Operation | None, said: Versions, found: Versions
) -> None:
    assert len(faults(confirmed, begun, said, found)) == 1


def test_what_was_found_is_expected_from_then_on() -> None:
    expected = Expected()
    expected.begin(ADD)
    assert list(expected.compare({1: 7})) == []
    assert list(expected.compare({1: 7})) == []
    assert list(expected.compare({1: 7, 2: 7}))


def test_a_few_kills_cause_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    failures = crash.main(kills=3, seed=1, encoder=None)
    printed = capsys.readouterr().out
    assert failures == 0, printed
    assert "| all | 3 | 0 |" in printed
    assert "3 readers" in printed
