from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from assistant.grounding.checker import PairChecker
from assistant.grounding.checker_network import small_network
from assistant.reading.pair_network import TorchNetwork


def test_two_first_questions_at_once_load_one_network() -> None:
    loaded, both = list[TorchNetwork](), Barrier(2)

    def load() -> TorchNetwork:
        loaded.append(TorchNetwork(small_network()))
        return loaded[-1]

    def ask(sentence: str) -> None:
        both.wait()
        checker.check(sentence, ["The mill will close in May."])

    checker = PairChecker(load)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(ask, ["The mill closes.", "The mill stays."]))
    assert len(loaded) == 1


def test_a_pair_that_was_read_is_not_read_again() -> None:
    batches = list[int]()

    class Counting(TorchNetwork):
        def __call__(self, *inputs):  # type: ignore[no-untyped-def]
            batches.append(len(inputs[0]))
            return super().__call__(*inputs)

    checker = PairChecker(lambda: Counting(small_network()))
    first = checker.check("It rained.", ["It rained.", "It snowed.", "It rained."])
    assert checker.check("It rained.", ["It snowed.", "It rained."]) == [first[1], first[0]]
    assert sum(batches) == 2
