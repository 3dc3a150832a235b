"""Decides whether a text supports a sentence, and how well: the verdict ``supported`` of a citation is made here.

A sentence is first aligned to the few neighbouring source sentences that have most of its words. Written rules
then compare the two, and a logistic regression scores them from a few features. ``python -m training.fit_entailment``
fits its weights and its threshold. What passes is read by a network (``python -m training.entailment``), which notices
what the sentence leaves out: a condition, a denial, who said so. No encoder of passages takes part, so the score is the
same with any of them.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz.distance import LCSseq

from assistant.grounding.checker import packaged_checker
from assistant.grounding.clauses import (
    adds_unsupported_word,
    changes_agent,
    common_prefix_length,
    drops_attribution,
    mixes_sentences,
    swaps_names,
)
from assistant.grounding.facts import extract_facts, missing_facts
from assistant.grounding.language import is_english
from assistant.grounding.polarity import has_antonym, polarity_differs, scope_differs
from assistant.reading.logistic import Features, Logistic
from embeddings.text.sentences import sentence_spans
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems, terms

MODEL_FILE = Path(__file__).parent / "entailment.json"
MAX_WINDOW = 3  # neighbouring source sentences that may support one sentence together
NEAR = 4  # words from one word to another that counts as near
_SIZE_PENALTY = 0.02  # of the weight of a sentence, for each source sentence in a window

# Each is true for a sentence that must not pass, whatever its score.
RULES = (
    polarity_differs,
    adds_unsupported_word,
    drops_attribution,
    mixes_sentences,
    changes_agent,
    swaps_names,
)
_stems = lru_cache(maxsize=8192)(stems)


class EntailmentModel(BaseModel):
    """A fitted entailment model, and the lowest scores of the model and of the network for a supported sentence."""

    model_config = ConfigDict(frozen=True)

    model: Logistic
    threshold: float
    network_threshold: float = Field(description="At most one of the 50 false pairs that choose it passes.")
    contradiction_threshold: float = Field(description="None of the 50 true pairs that choose it is contradicted.")
    made_from: dict[str, str | int | float] = Field(description="Data with its sha256, counts and figures of the fit.")


@cache
def entailment_model() -> EntailmentModel:
    """Return the entailment model that ships with the project."""
    return EntailmentModel.model_validate_json(MODEL_FILE.read_bytes())


def support_score(sentence: str, cited: str) -> float | None:
    """Return how well the cited text supports a sentence, from the threshold to 1; None if it does not support it.

    Raises:
        ReaderUnavailable: the network's weights do not load.
    """
    if not is_english(f"{sentence} {cited}") or not passes_rules(sentence, cited):
        return None
    score, model = entailment_score(sentence, [cited]), entailment_model()
    if score < model.threshold:
        return None
    if terms(sentence) == terms(cited):
        return score
    (found,) = packaged_checker().check(sentence, [cited])
    return score if found.supported >= model.network_threshold else None


def passes_rules(sentence: str, cited: str) -> bool:
    """True if the cited text has every fact of the sentence, and no rule forbids the sentence."""
    return not (missing_facts(sentence, cited) or any(rule(sentence, cited) for rule in RULES))


def entailment_score(text: str, passages: Sequence[str]) -> float:
    """Return how well the passages entail a text, from 0 to 1: the product over the sentences of the text."""
    sources = [[span.cut(passage) for span in sentence_spans(passage)] or [passage] for passage in passages]
    sentences = [span.cut(text) for span in sentence_spans(text)]
    return math.prod(_best_score(sentence, sources) for sentence in sentences) if sentences else 0.0


def _best_score(sentence: str, sources: Sequence[Sequence[str]]) -> float:
    model = entailment_model().model
    windows = [" ".join(source[slice(*best_window(sentence, source))]) for source in sources]
    return max((model.probability(entailment_features(sentence, window)) for window in windows), default=0.0)


def candidate_windows(sentence: str, source: Sequence[str]) -> list[tuple[int, int]]:
    """Return the best windows of at most one, two and three source sentences, without repeats, shortest first."""
    return list(dict.fromkeys(best_window(sentence, source, size) for size in range(1, MAX_WINDOW + 1)))


def best_window(sentence: str, source: Sequence[str], max_size: int = MAX_WINDOW) -> tuple[int, int]:
    """Return the neighbouring source sentences that have most of a sentence's words; of equal windows the shortest.

    A word is weighted by its inverse sentence frequency, because a word of every source sentence points to none.

    Args:
        sentence: the sentence to align.
        source: the sentences of one text, in order.
        max_size: the largest number of source sentences in the window.

    Returns:
        A half-open range of indexes into ``source``; ``(0, 0)`` if the source is empty.
    """
    source_stems = [frozenset(_stems(one)) for one in source]
    frequency = Counter(stem for one in source_stems for stem in one)
    shared = {stem: math.log1p(len(source) / frequency[stem]) for stem in _stems(sentence) if stem in frequency}
    weights = {stem: weight for stem, weight in shared.items() if stem not in STOP_WORDS} or shared
    penalty = _SIZE_PENALTY * sum(weights.values())
    sizes = range(1, min(max_size, len(source)) + 1)
    gains = {
        (start, start + size): _covered_weight(source_stems[start : start + size], weights) - penalty * size
        for size in sizes
        for start in range(len(source) - size + 1)
    }
    return max(gains, key=gains.__getitem__, default=(0, 0))


def _covered_weight(source_stems: Sequence[frozenset[str]], weights: Mapping[str, float]) -> float:
    covered = frozenset[str]().union(*source_stems)
    return sum(weight for stem, weight in weights.items() if stem in covered)


def entailment_features(sentence: str, cited: str) -> Features:
    """Return the features of a sentence and the text that it cites; shares are of the words of the sentence."""
    sentence_stems, cited_stems = _stems(sentence), _stems(cited)
    content, cited_content = ([s for s in one if s not in STOP_WORDS] for one in (sentence_stems, cited_stems))
    positions: dict[str, list[int]] = defaultdict(list)
    for i, stem in enumerate(cited_stems):
        positions[stem].append(i)
    name_stems = {stem for name in extract_facts(sentence).names for part in name for stem in _stems(part)}
    fragments = _fragment_count(sentence_stems, cited_stems, positions)
    return {
        "runs": math.log1p(fragments),
        "runs_a_word": fragments / max(1, len(sentence_stems)),
        "names_act": _share(
            _are_near(first, second, positions)
            for first, second in pairwise(content)
            if first in name_stems and second not in name_stems
        ),
        "order": LCSseq.similarity(content, cited_content) / max(1, len(content)),
        "facts_missing": math.log1p(len(missing_facts(sentence, cited))),
        "negated": float(scope_differs("negation", sentence_stems, cited_stems)),
        "hedged": float(scope_differs("hedge", sentence_stems, cited_stems)),
        "opposed": float(has_antonym(sentence_stems, positions)),
    }


def _are_near(first: str, second: str, positions: Mapping[str, Sequence[int]]) -> bool:
    """True if the second word follows the first within ``NEAR`` words."""
    return any(0 < j - i <= NEAR for i in positions.get(first, ()) for j in positions.get(second, ()))


def _fragment_count(sentence: Sequence[str], cited: Sequence[str], positions: Mapping[str, Sequence[int]]) -> int:
    """Return the number of fragments that a sentence is made of: its longest runs of cited words, and its new words.

    The fragments are found greedily, as the extractive fragments of Grusky et al. (2018), "Newsroom". Each border
    between two fragments is a place where the sentence may say something that the cited text does not.
    """
    count = start = 0
    while start < len(sentence):
        lengths = (common_prefix_length(sentence[start:], cited[i:]) for i in positions.get(sentence[start], ()))
        start += max(lengths, default=1)
        count += 1
    return count


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values) if values else 1.0
