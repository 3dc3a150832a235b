"""Decides whether a text supports a sentence, and how well: the verdict ``supported`` of a citation is made here.

Numbers, dates, times and quotations are compared by value: one that the text does not have is decisive. Then a network
reads both (``python -m training.entailment``). Where the careful reader is installed, that is the careful network, and
the small one only chooses which of many texts it reads. Sentences of answers obey stricter rules besides.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from assistant.grounding import checker_network
from assistant.grounding.checker import Entailment, PairChecker
from assistant.grounding.facts import missing_names, missing_values
from assistant.grounding.language import is_english
from assistant.grounding.negations import denies_otherwise
from assistant.grounding.wording import is_of_one_place
from assistant.reading import base_model
from assistant.settings import ReaderName
from embeddings.text.marks import without_marks

THRESHOLDS_FILE = Path(__file__).parent / "thresholds.json"
_CAREFULLY_READ = 3  # texts that the careful network reads for a sentence


class Thresholds(BaseModel):
    """The lowest probabilities of one network with which a sentence is supported, or contradicted."""

    model_config = ConfigDict(frozen=True)

    supported: float = Field(gt=0, lt=1)
    contradicted: float = Field(gt=0, lt=1)


class ThresholdsOfNetworks(BaseModel):
    """The thresholds of both networks, and how they were chosen."""

    model_config = ConfigDict(frozen=True)

    small: Thresholds
    careful: Thresholds
    chosen_on: str


class Checker:
    """Decides whether texts support a sentence. Safe to share between threads."""

    def __init__(self, network: PairChecker, thresholds: Thresholds, first: PairChecker | None = None) -> None:
        """Create a checker.

        Args:
            network: decides.
            thresholds: those of this network.
            first: chooses the few texts that the network reads; without it, the network reads all.
        """
        self.thresholds = thresholds
        self._network, self._first = network, first

    @classmethod
    def choose(cls, name: ReaderName | None) -> "Checker":
        """Return the checker that goes with a reader; for None the careful one where its base model is installed.

        Raises:
            ReaderUnavailable: the careful one is asked for and not installed.
        """
        if name == "careful":
            base_model.require_installed()
        return _careful() if name in {"careful", None} and base_model.is_installed() else _small()

    @property
    def is_careful(self) -> bool:
        """Whether the network is the careful one."""
        return self._first is not None

    def with_thresholds(self, thresholds: Thresholds) -> "Checker":
        """Return a checker with the same networks and other thresholds."""
        return Checker(self._network, thresholds, self._first)

    def support(self, sentence: str, texts: Sequence[str], *, answers: bool = False) -> list[float | None]:
        """Return how well each text supports a sentence, from the threshold to 1; None if it does not support it.

        Args:
            sentence: the sentence.
            texts: texts that it may cite.
            answers: whether the sentence is to be part of an answer. Then the text must also have its names, and the
                sentence be worded as the text (:mod:`assistant.grounding.wording`).

        Raises:
            ReaderUnavailable: the network's weights do not load.
        """
        found: list[float | None] = [None] * len(texts)
        allowed = [i for i, text in enumerate(texts) if _is_allowed(sentence, text, answers=answers)]
        plain = without_marks(sentence).casefold()
        for i in [i for i in allowed if without_marks(texts[i]).casefold() == plain]:
            found[i] = 1.0
            allowed.remove(i)
        if self._first and len(allowed) > _CAREFULLY_READ:
            likely = self._first.check(sentence, [texts[i] for i in allowed])
            best = sorted(zip(likely, allowed, strict=True), key=lambda one: -one[0].supported)
            allowed = [i for _, i in best[:_CAREFULLY_READ]]
        for i, read in zip(allowed, self._network.check(sentence, [texts[i] for i in allowed]), strict=True):
            if read.supported >= self.thresholds.supported:
                found[i] = read.supported
        return found

    def read(self, sentence: str, texts: Sequence[str]) -> list[Entailment]:
        """Return what the network says of a sentence and each text, without the comparison of facts.

        Raises:
            ReaderUnavailable: the network's weights do not load.
        """
        return self._network.check(sentence, texts)


def _is_allowed(sentence: str, text: str, *, answers: bool) -> bool:
    if not is_english(f"{sentence} {text}") or missing_values(sentence, text) or denies_otherwise(sentence, text):
        return False
    return not answers or (not missing_names(sentence, text) and is_of_one_place(sentence, text))


@cache
def thresholds() -> ThresholdsOfNetworks:
    """Return the thresholds that ship."""
    return ThresholdsOfNetworks.model_validate_json(THRESHOLDS_FILE.read_bytes())


@cache
def _small_network() -> PairChecker:
    return PairChecker(checker_network.load_small)


@cache
def _small() -> Checker:
    return Checker(_small_network(), thresholds().small)


@cache
def _careful() -> Checker:
    return Checker(PairChecker(checker_network.load_careful), thresholds().careful, _small_network())
