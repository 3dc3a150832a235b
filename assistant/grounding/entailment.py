"""How well a text carries a sentence: the seam behind which a verdict of ``supported`` is made.

A sentence is first aligned to the few neighbouring sentences that have most of its words. Signals then hold it against
those alone: the runs of words that it is made of, the rules for facts, what turns a meaning round. A logistic
regression weighs them; ``python -m training.fit_entailment`` makes its weights and its threshold. No encoder takes
part, so any may be used. A trained checker becomes one more signal.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz.distance import LCSseq

from assistant.grounding.clauses import alike, foreign, mixes, swaps, unattributed, usurps
from assistant.grounding.facts import facts, missing
from assistant.grounding.polarity import opposed, turned, turns
from assistant.reading.logistic import Features, Logistic
from embeddings.text.sentences import sentence_spans
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems as every_stem

FILE = Path(__file__).parent / "entailment.json"
WINDOW = 3  # neighbouring sentences that may carry one sentence together
REACH = 4  # words from one to another that still stands near it

_RULES = (turns, foreign, unattributed, mixes, usurps, swaps)
_stems = lru_cache(maxsize=8192)(every_stem)


class EntailmentModel(BaseModel):
    """The fitted model, and the score from which a sentence may leave."""

    model_config = ConfigDict(frozen=True)

    model: Logistic
    threshold: float
    made_from: dict[str, str | int | float] = Field(description="Data with its sha256, counts and figures of the fit.")


@cache
def fitted() -> EntailmentModel:
    """What was fitted."""
    return EntailmentModel.model_validate_json(FILE.read_bytes())


def carries(sentence: str, cited: str) -> float | None:
    """The score of a sentence against what it cites; None where a rule or the threshold says that it is not carried."""
    if not lawful(sentence, cited):
        return None
    score = entailment(sentence, [cited])
    return score if score >= fitted().threshold else None


def lawful(sentence: str, cited: str) -> bool:
    """Whether no rule forbids the sentence: whatever its score, one fact that is not cited is one too many."""
    return not (missing(sentence, cited) or any(rule(sentence, cited) for rule in _RULES))


def entailment(text: str, passages: Sequence[str]) -> float:
    """How well the passages carry all of a text, from 0 to 1: each of its sentences has to be carried."""
    sources = [[span.cut(passage) for span in sentence_spans(passage)] or [passage] for passage in passages]
    sentences = [span.cut(text) for span in sentence_spans(text)]
    return math.prod(_best(sentence, sources) for sentence in sentences) if sentences else 0.0


def _best(sentence: str, sources: Sequence[Sequence[str]]) -> float:
    windows = [" ".join(source[slice(*align(sentence, source))]) for source in sources]
    return max((fitted().model.probability(features(sentence, window)) for window in windows), default=0.0)


def windows(sentence: str, source: Sequence[str]) -> list[tuple[int, int]]:
    """Where to look for what carries a sentence: the best single one, the best of up to two, of up to three."""
    return list(dict.fromkeys(align(sentence, source, most) for most in range(1, WINDOW + 1)))


def align(sentence: str, source: Sequence[str], most: int = WINDOW) -> tuple[int, int]:
    """The neighbours in ``source`` that have most of the sentence's words, as a half-open range; the fewest of equals.

    A word counts by its rarity (inverse sentence frequency): what every sentence says points at none.
    """
    have = [frozenset(_stems(one)) for one in source]
    common = Counter(stem for one in have for stem in one)
    wanted = {stem: math.log1p(len(source) / common[stem]) for stem in _stems(sentence) if stem in common}
    content = {stem: weight for stem, weight in wanted.items() if stem not in STOP_WORDS} or wanted
    total = sum(content.values())

    def gain(window: tuple[int, int]) -> float:
        here = frozenset().union(*have[slice(*window)])
        return sum(weight for stem, weight in content.items() if stem in here) - 0.02 * total * (window[1] - window[0])

    sizes = range(1, min(most, len(source)) + 1)
    return max(((i, i + size) for size in sizes for i in range(len(source) - size + 1)), key=gain, default=(0, 0))


def features(sentence: str, cited: str) -> Features:
    """What speaks for and against a sentence; shares are of the sentence's own words."""
    stems, there = _stems(sentence), _stems(cited)
    content, content_there = ([s for s in one if s not in STOP_WORDS] for one in (stems, there))
    places: dict[str, list[int]] = defaultdict(list)
    for i, stem in enumerate(there):
        places[stem].append(i)

    def near(a: str, b: str) -> bool:
        return any(0 < j - i <= REACH for i in places.get(a, ()) for j in places.get(b, ()))

    named = {stem for name in facts(sentence).names for part in name for stem in _stems(part)}
    runs = _runs(stems, there, places)
    return {
        "runs": math.log1p(runs),
        "runs_a_word": runs / max(1, len(stems)),
        "names_act": _share(near(a, b) for a, b in pairwise(content) if a in named and b not in named),
        "order": LCSseq.similarity(content, content_there) / max(1, len(content)),
        "facts_missing": math.log1p(len(missing(sentence, cited))),
        "negated": float(turned("negation", stems, there)),
        "hedged": float(turned("hedge", stems, there)),
        "opposed": float(opposed(stems, places)),
    }


def _runs(stems: Sequence[str], there: Sequence[str], places: Mapping[str, Sequence[int]]) -> int:
    """Of how many pieces a sentence is made, each the longest that stands so in the text, or a word that does not.

    Every seam between two is a place where something may be said that the text does not say.
    """
    runs = first = 0
    while first < len(stems):
        first += max((alike(stems[first:], there[place:]) for place in places.get(stems[first], ())), default=1)
        runs += 1
    return runs


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values) if values else 1.0
