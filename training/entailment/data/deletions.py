"""Sentences that leave out what their source denies, limits, attributes or makes conditional; true counterparts."""

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.entailment.data.pairs import CONTRADICTED, NEUTRAL, NOT_SUPPORTED, SUPPORTED
from training.entailment.data.source import Source, large, small

Made = tuple[str, str, int, str]  # the text in place of the source's sentence, a sentence, its classes, a kind
_GROUPS: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "wrappers.toml").read_text(encoding="utf-8")
)
_STOCK = _GROUPS.pop("stock")
_CLASSES = {
    "denied": {"untrue": CONTRADICTED, "denied": NOT_SUPPORTED, "unproved": NEUTRAL},
    "possible": {"nearly": NOT_SUPPORTED},
}
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|did|does|do)\b(?! (?:not|n't|never))"
)
_NEGATIVE = re.compile(
    r"\b(not|never|no|none|nobody|nothing|neither|nor|without|few|little|hardly|rarely|only)\b|n['’]t\b", re.IGNORECASE
)
_PLURAL = re.compile(r"^The (?=(?:[a-z]+ )?[a-z]+s (?:of [\w ]{3,30} )?(?:were|are|have|had|could|can|will)\b)")
_NOUN = re.compile(r"\b(all|many|most|some|several|both)(?= (?:of )?(?:the )?[a-z])")
_LOST: tuple[str, ...] = (
    "only",
    "just",
    "almost",
    "nearly",
    "barely",
    "supposedly",
    "allegedly",
    "reportedly",
    "possibly",
    "perhaps",
    "probably",
    "partly",
    "not",
)
_LOST += ("hardly", "never", "no longer", "not yet", "rarely")
_KEPT = (
    "also",
    "indeed",
    "now",
    "later",
    "recently",
    "finally",
    "officially",
    "actually",
    "clearly",
    "soon",
    "once again",
    "of course",
    "then",
)
_SAME = {
    "almost": "nearly",
    "nearly": "almost",
    "only": "just",
    "possibly": "perhaps",
    "allegedly": "reportedly",
    "hardly": "barely",
}
_SAME |= {
    "never": "at no time",
    "supposedly": "allegedly",
    "probably": "in all likelihood",
    "rarely": "seldom",
    "partly": "in part",
}
_NONE = frozenset({"not", "never", "no longer", "not yet", "hardly"})
_FEW = {
    "Few of the": NOT_SUPPORTED, "Some of the": NEUTRAL, "Not all of the": NOT_SUPPORTED, "None of the": CONTRADICTED,
    "Nearly all of the": NOT_SUPPORTED, "Most of the": NEUTRAL, "Half of the": NOT_SUPPORTED,
    "A minority of the": NOT_SUPPORTED, "Only a few of the": NOT_SUPPORTED, "Hardly any of the": CONTRADICTED,
    "About a third of the": NOT_SUPPORTED, "Several of the": NEUTRAL,
}  # fmt: skip
_EQUAL = (
    ("Few of the", "Only a few of the"), ("Nearly all of the", "Almost all of the"), ("None of the", "Not one of the"),
    ("Most of the", "A majority of the"), ("Half of the", "Fifty percent of the"),
    ("Hardly any of the", "Almost none of the"), ("Not all of the", "Not every one of the"),
    ("All of the", "Every one of the"), ("Nearly all of the", "Most of the"),
    ("Several of the", "Some of the"), ("All of the", "The"), ("The", "All of the"), ("None of the", "No"),
)  # fmt: skip


def wrapped(source: Source, others: Sequence[Source], chance: random.Random) -> Iterator[Made]:
    """Yield a frame that does not state the sentence, another of the same sense, and one that does state it."""
    who = chance.choice(_STOCK["who"])
    group = chance.choice(("denied", "denied", "attributed", "attributed", "conditional", "possible"))
    sense = chance.choice(list(_GROUPS[group]))
    frames = chance.sample(_GROUPS[group][sense], 2)
    clause = _clause(others, chance, short=True)
    first, second = (_filled(frame, source, who, clause) for frame in frames)
    classes = _CLASSES.get(group, {}).get(sense, NEUTRAL)
    yield first, source.text, classes, f"{group}_dropped"
    yield first, second, SUPPORTED, f"{group}_kept"
    if chance.random() < 0.6:
        yield source.text, second, NEUTRAL if classes != CONTRADICTED else CONTRADICTED, f"{group}_added"
    plain = chance.choice(list(_GROUPS["plain"]))
    told = _filled(chance.choice(_GROUPS["plain"][plain]), source, who, _clause(others, chance, short=False))
    yield told, source.text, SUPPORTED, f"{plain}_dropped"
    if group != "attributed" and chance.random() < 0.5:
        yield told, _filled(chance.choice(_GROUPS[group][sense]), source, who, clause), NOT_SUPPORTED, f"{group}_added"


def adverbs(source: Source, chance: random.Random) -> Iterator[Made]:
    """Yield adverbs that matter and adverbs that do not, left out, kept and added."""
    spots = list(_AUXILIARY.finditer(source.text))
    if not spots or _NEGATIVE.search(source.text) or source.text.count(",") > 2:
        return
    spot = spots[0]
    lost, kept = chance.choice(_LOST), chance.choice(_KEPT)
    denied, meant = _put(source.text, spot, lost), _put(source.text, spot, kept)
    classes = CONTRADICTED if lost in _NONE else NOT_SUPPORTED
    yield denied, source.text, classes, "adverb_dropped"
    yield meant, source.text, SUPPORTED, "adverb_dropped"
    yield denied, _put(source.text, spot, _SAME.get(lost, lost)), SUPPORTED, "adverb_kept"
    if lost in _NONE:
        yield source.text, denied, CONTRADICTED, "adverb_added"
    if spot.group() in {"will", "has", "have", "had", "is", "was", "were", "are"}:
        weak = {"will": "may", "has": "may have", "have": "may have", "had": "might have"}.get(spot.group(), "may be")
        changed = source.text[: spot.start()] + weak + source.text[spot.end() :]
        if spot.group() in {"will", "has", "had"} or chance.random() < 0.5:
            yield changed, source.text, NEUTRAL, "modal_dropped"
            yield changed, changed.replace(weak, weak.replace("may", "might", 1), 1), SUPPORTED, "modal_kept"


def quantifiers(source: Source, chance: random.Random) -> Iterator[Made]:
    """Yield sentences with the quantifier of their subject left out, kept or changed."""
    if not _PLURAL.match(source.text) or _NEGATIVE.search(source.text):
        return
    few, (one, same) = chance.choice(list(_FEW)), chance.choice(_EQUAL)
    rest = source.text[len("The ") :]
    yield f"{few} {rest}", chance.choice([source.text, f"All of the {rest}"]), _FEW[few], "quantifier_dropped"
    yield f"{one} {rest}", f"{same} {rest}", SUPPORTED, "quantifier_kept"
    yield (
        f"All of the {rest}",
        f"{few} {rest}" if few.startswith(("N", "H", "F", "Only")) else source.text,
        (CONTRADICTED if few.startswith(("N", "H", "F", "Only")) else SUPPORTED),
        "quantifier_changed",
    )
    place = chance.choice(["except one", "but two", "apart from the oldest", "with one exception"])
    verb = re.search(r" (?:were|are|have|had|could|can|will)\b", rest)
    if verb and re.fullmatch(r"[\w ]+", rest[: verb.start()]):
        limited = f"All of the {rest[: verb.start()]} {place}{rest[verb.start() :]}"
        yield limited, f"All of the {rest}", CONTRADICTED, "exception_dropped"
        yield limited, f"Most of the {rest}", SUPPORTED, "exception_kept"


def _filled(frame: str, source: Source, who: str, clause: str) -> str:
    """Return a frame with the sentence, a speaker and a clause in it."""
    text = frame.replace("{S}", source.text.rstrip(".")).replace("{s}", source.body)
    return large(text.replace("{who}", who).replace("{c}", clause))


def _clause(others: Sequence[Source], chance: random.Random, *, short: bool) -> str:
    """Return a clause of a stock, or another sentence of the articles."""
    if short and chance.random() < 0.5:
        return chance.choice(_STOCK["c"])
    tried = [one.text for one in chance.sample(others, min(6, len(others)))]
    best = min(tried, key=len, default=chance.choice(_STOCK["c"]))
    return small(best.rstrip("."))


def _put(text: str, spot: re.Match[str], adverb: str) -> str:
    """Return a text with an adverb after an auxiliary verb."""
    return f"{text[: spot.end()]} {adverb}{text[spot.end() :]}"
