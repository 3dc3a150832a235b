from pathlib import Path

import pytest

from assistant.errors import ReaderUnavailable
from assistant.grounding.checker import PairChecker
from assistant.grounding.checker_network import careful_network, small_network
from assistant.reading.pair_network import TorchNetwork
from tests.assistant.reading.test_careful import careful, nothing_installed  # noqa: F401  fixtures

PLAIN = ("The mill will close in May.", "The mill will close in May, the owner said.")


def test_the_three_probabilities_are_whole_and_do_not_depend_on_the_batch() -> None:
    checker = PairChecker(lambda: TorchNetwork(small_network()))
    alone, *_ = checker.check(PLAIN[0], [PLAIN[1]])
    again, other = PairChecker(lambda: TorchNetwork(small_network())).check(PLAIN[0], [PLAIN[1], "It rained. " * 90])
    assert sum(alone) == pytest.approx(1, abs=1e-5)
    assert alone == pytest.approx(again, abs=1e-3)
    assert other.supported < 0.5 < alone.supported


def test_weights_that_are_not_there_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReaderUnavailable, match="checker"):
        small_network(tmp_path / "none.safetensors")


def test_careful_weights_of_another_reader_are_refused(careful: object, tmp_path: Path) -> None:  # noqa: F811  a fixture
    from safetensors.torch import load_file, save_file

    from assistant.grounding.checker_network import CAREFUL_FILE

    path = tmp_path / "careful.safetensors"
    save_file(load_file(CAREFUL_FILE), path, {"starts_from": "another reader"})
    with pytest.raises(ReaderUnavailable) as caught:
        careful_network(path)
    assert "other weights" in caught.value.got
