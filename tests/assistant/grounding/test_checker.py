import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.errors import ReaderUnavailable
from assistant.grounding.checker import PairChecker, packaged_checker
from assistant.grounding.checker_network import torch_network
from assistant.grounding.entailment import entailment_model, support_score
from assistant.grounding.language import is_english
from assistant.reading.pair_network import TorchNetwork
from evals.data.collection import SHIPPED

PAIRS = [json.loads(line) for line in (SHIPPED / "checker.jsonl").read_text(encoding="utf-8").splitlines()]
PLAIN = ("The mill will close in May.", "The mill will close in May, the owner said.")


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The mill will close in May.", "The mill will close in May unless the town buys it."),
        ("The mill has closed.", "It is false that the mill has closed."),
        ("The mill will close in May.", "A rival claims that the mill will close in May."),
        ("The workers were paid.", "None of the workers were paid."),
    ],
)
def test_what_its_source_limits_denies_or_attributes_is_not_supported(sentence: str, cited: str) -> None:
    limited, plain = packaged_checker().check(sentence, [cited, sentence])
    assert limited.supported < 0.2 < entailment_model().network_threshold < plain.supported
    assert support_score(sentence, cited) is None


def test_the_three_probabilities_are_whole_and_do_not_depend_on_the_batch() -> None:
    checker = PairChecker(lambda: TorchNetwork(torch_network()))
    alone, *_ = checker.check(PLAIN[0], [PLAIN[1]])
    again, other = PairChecker(lambda: TorchNetwork(torch_network())).check(PLAIN[0], [PLAIN[1], "It rained. " * 90])
    assert sum(alone) == pytest.approx(1, abs=1e-5)
    assert alone == pytest.approx(again, abs=1e-3)
    assert other.supported < 0.5 < alone.supported


def test_of_the_shipped_pairs_hardly_any_false_one_leaves() -> None:
    left = Counter(
        pair["split"] for pair in PAIRS if not pair["supported"] and support_score(pair["claim"], pair["source"])
    )
    assert left["choose"] <= 1
    assert left["report"] <= 3


def test_the_pairs_are_half_true_in_each_split() -> None:
    counts = Counter((pair["split"], pair["supported"]) for pair in PAIRS)
    assert counts == {(split, supported): 50 for split in ("choose", "report") for supported in (True, False)}
    assert len({pair["id"] for pair in PAIRS}) == 200


@pytest.mark.parametrize("text", ["Der Rat hat den Bau nicht genehmigt.", "Le ministre n'a pas signé la loi."])
def test_a_sentence_of_a_language_that_was_not_measured_leaves_only_verbatim(text: str) -> None:
    assert not is_english(text)
    assert support_score(text, f"{text} Foo.") is None


def test_short_english_without_frequent_words_is_english() -> None:
    assert is_english("Apple grew.")


def test_weights_that_are_not_there_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReaderUnavailable, match="checker"):
        torch_network(tmp_path / "none.safetensors")
