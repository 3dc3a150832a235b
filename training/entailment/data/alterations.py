"""Sentences with something changed, joined or swapped, and true counterparts with the same change in their source."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from training.data.edits import edit, places
from training.data.entities import Thing, Things
from training.data.exchanges import Exchanges, fits
from training.data.relations import opposed
from training.data.rows import Row
from training.entailment.data.amounts import respelt
from training.entailment.data.deletions import Made
from training.entailment.data.pairs import CONTRADICTED, NEUTRAL, NOT_SUPPORTED, SUPPORTED
from training.entailment.data.source import Source, large, small
from training.wordnet import Part, Wordnet

_CUTS = (
    re.compile(r" \([^()]*\)"),
    re.compile(r", (?:which|who|where|whose|including|such as)\b[^,]*(?=[,.])"),
    re.compile(r", [^,]{3,60},(?= (?:[a-z]+ed|is|was|are|were|has|had|said|on|in|at)\b)"),
    re.compile(r"^(?:In|On|At|During|By|Since) [^,]{3,60}, (?=[A-Z]|the |a |he |she |it |they )"),
    re.compile(r", (?:and|but) (?:he|she|it|they|the) [^,]{8,}(?=\.$)"),
    re.compile(r" (?:in|on|at|during|near) (?:the )?[A-Z0-9][\w ]{2,24}(?=\.$)"),
)
_PASSIVE = re.compile(
    r"^(?P<what>[^,;:]{3,60}?) (?P<was>was|were|is|are) (?P<verb>[a-z]+ed) by (?P<who>[^,.;:]{3,50}?)"
    r"(?P<rest>(?: (?:in|on|at|for|from|after|during|to) [^,;:]{2,60})?)\.$"
)
_JOINT = re.compile(
    r"(?<=\w),? (?:and|but|that|which|who|because|when|after|before|in|on|by|for|to|with|from|of|"
    r"was|were|is|are|has|had) "
)
_PRONOUN = re.compile(r"^(He|She|It|They) (?=[a-z])")
_SUBJECT = re.compile(
    r"^((?:The |A )?(?:[\w’'-]+ ){0,4}?[\w’'-]+) "
    r"(?=(?:was|were|is|are|has|had|have|can|will|would|became|began|made|took)\b)"
)
_WORD = re.compile(r"(?<![\w’'-])[a-z]{4,}(?![\w’'-])")
_BETWEEN = re.compile(r"^\W*(?:and|or|,|with|&|/|-)?\W*(?:the)?\W*$")


class AlteredPairs:
    """Makes pairs by changing a sentence, its source, or both."""

    def __init__(self, rows: Sequence[Row], things: Things, wordnet: Wordnet) -> None:
        self._things, self._wordnet = things, wordnet
        self._exchanges = Exchanges(rows, things)
        self._opposed = opposed()

    def entity(self, source: Source, chance: random.Random) -> Iterator[Made]:
        """Yield another name, date or number in the sentence, and in both."""
        found = [one for one in self._things.of(source.text) if places(source.text, one.text)]
        for one in chance.sample(found, min(2, len(found))):
            row = Row(source.text, source.text, (), source.page, source.page)
            near = [
                t.text
                for t in self._near(source)
                if t.kind == one.kind and fits(one.text, t.text) and t.text not in source.text
            ]
            other = chance.choice(near) if near and chance.random() < 0.6 else self._exchanges.other(row, one, chance)
            if not other or not other.strip():
                continue
            changed = _exchanged(source.text, one.text, other)
            yield source.text, changed, NOT_SUPPORTED, f"exchanged_{one.kind}"
            if chance.random() < 0.5:
                yield (
                    changed,
                    changed if chance.random() < 0.3 else shorter(changed, chance) or changed,
                    SUPPORTED,
                    "exchanged_both",
                )
            else:
                yield changed, source.text, NOT_SUPPORTED, "exchanged_source"

    def swapped(self, source: Source, chance: random.Random) -> Iterator[Made]:
        """Yield the sentence with two names of it exchanged, and the same of both."""
        found = [
            one
            for one in self._things.of(source.text)
            if one.kind in {"person", "place", "name", "number", "year", "date"}
        ]
        pairs = [
            (a, b)
            for i, a in enumerate(found)
            for b in found[i + 1 :]
            if a.kind == b.kind and fits(a.text, b.text) and not _BETWEEN.match(source.text[a.end : b.start])
        ]
        if pairs:
            a, b = chance.choice(pairs)
            changed = edit(source.text, [(a.start, a.end, b.text), (b.start, b.end, a.text)]).text
            yield source.text, changed, NOT_SUPPORTED, "swapped"
            yield changed, changed, SUPPORTED, "swapped_both"

    def opposite(self, source: Source, chance: random.Random) -> Iterator[Made]:
        """Yield an opposite or a synonym of a word in the sentence."""
        words = [match.span() for match in _WORD.finditer(source.text)]
        for start, end in chance.sample(words, min(10, len(words))):
            word = source.text[start:end]
            against = list(self._opposed(word)) or list(self._wordnet.related(word, Part.opposites))
            if against:
                changed = edit(source.text, [(start, end, chance.choice(against))]).text
                yield source.text, changed, CONTRADICTED, "opposite"
                yield changed, chance.choice([changed, shorter(changed, chance) or changed]), SUPPORTED, "opposite_both"
                return

    def synonym(self, source: Source, chance: random.Random) -> Iterator[Made]:
        """Yield the sentence in other words, sometimes shorter."""
        text = shorter(source.text, chance) or source.text if chance.random() < 0.5 else source.text
        changes = list[tuple[int, int, str]]()
        words = [match.span() for match in _WORD.finditer(text)]
        for start, end in chance.sample(words, min(8, len(words))):
            same = self._wordnet.related(text[start:end], Part.synonyms)
            if same and not changes:
                changes.append((start, end, same[0]))
        if changes:
            yield source.text, edit(text, changes).text, SUPPORTED, "synonym"

    def _near(self, source: Source) -> list[Thing]:
        return self._things.of(" ".join([*source.before[-3:], *source.after[:3]]))


def respelled(source: Source, chance: random.Random) -> Iterator[Made]:
    """Yield amounts in another spelling: in the sentence, in its source, and there of another amount."""
    same = respelt(source.text, chance)
    if same == source.text:
        return
    text = shorter(source.text, chance) or source.text
    yield (
        (source.text, respelt(text, chance), SUPPORTED, "respelt")
        if chance.random() < 0.5
        else (same, text, SUPPORTED, "respelt")
    )
    wrong = re.sub(r"\d", lambda m: str((int(m.group()) + chance.randint(1, 8)) % 9 + 1), source.text, count=1)
    if wrong != source.text:
        yield (
            (same, wrong, NOT_SUPPORTED, "respelt_wrong")
            if chance.random() < 0.5
            else (source.text, respelt(wrong, chance), NOT_SUPPORTED, "respelt_wrong")
        )


def shortened(source: Source, chance: random.Random) -> Iterator[Made]:
    """Yield the sentence itself, or without a part that says something more."""
    text = shorter(source.text, chance)
    if text:
        yield source.text, text, SUPPORTED, "shortened"
        yield text, source.text, NEUTRAL, "lengthened"
    else:
        yield source.text, source.text, SUPPORTED, "same"


def voice(source: Source, chance: random.Random) -> Iterator[Made]:
    """Yield a passive sentence in the active voice, and with the roles exchanged."""
    found = _PASSIVE.match(source.text)
    if found and not re.search(r"\b(?:is|are|was|were)\b", found["what"] + found["rest"]):
        what, who, verb, rest = small(found["what"]), found["who"], found["verb"], found["rest"]
        yield source.text, f"{large(who)} {verb} {what}{rest}.", SUPPORTED, "voice"
        yield source.text, f"{found['what']} {verb} {who}{rest}.", NOT_SUPPORTED, "voice_swapped"
        if chance.random() < 0.5:
            yield f"{large(who)} {verb} {what}{rest}.", source.text, SUPPORTED, "voice"
            yield (
                f"{large(who)} {verb} {what}{rest}.",
                f"{large(who)} {found['was']} {verb} by {what}{rest}.",
                NOT_SUPPORTED,
                "voice_swapped",
            )


def merged(source: Source, others: Sequence[Source], chance: random.Random) -> Iterator[Made]:
    """Yield two neighbouring sentences joined rightly, and parts of two joined wrongly; sentences of other places."""
    after = source.after[0] if source.after else ""
    if after and 4 <= len(after.split()) <= 30:
        both = f"{source.text} {after}"
        first, second = (shorter(one, chance) or one for one in (source.text, after))
        yield both, f"{first.rstrip('.')}, and {small(second)}", SUPPORTED, "joined"
        subject, pronoun = _SUBJECT.match(source.text), _PRONOUN.match(after)
        other = _SUBJECT.match(after)
        if subject and other and not pronoun and subject[1].lower() != other[1].lower():
            yield both, subject[1] + after[other.end() - 1 :], NEUTRAL, "merged"
            yield both, other[1] + source.text[subject.end() - 1 :], NEUTRAL, "merged"
    pieces = after if after and chance.random() < 0.6 else chance.choice(others).text if others else ""
    here, there = list(_JOINT.finditer(source.text)), list(_JOINT.finditer(pieces))
    if here and there:
        a, b = chance.choice(here), chance.choice(there)
        if a.start() > 12 and len(pieces) - b.start() > 12:
            yield (
                f"{source.text} {after}" if pieces == after else source.text,
                source.text[: a.start()] + pieces[b.start() :],
                NEUTRAL,
                "spliced",
            )
    if others:
        yield source.text, chance.choice(others).text, NEUTRAL, "elsewhere"


def shorter(text: str, chance: random.Random) -> str | None:
    """Return a sentence without an aside, a place, a time or a second clause; None if it has none."""
    result = text
    for pattern in chance.sample(_CUTS, len(_CUTS))[: chance.randint(1, len(_CUTS))]:
        cut = pattern.sub("", result, count=1)
        result = cut if len(cut.split()) >= 4 else result
    return large(result) if result != text else None


def _exchanged(text: str, one: str, other: str) -> str:
    return edit(text, ((start, end, other) for start, end in places(text, one))).text


Make = Callable[[Source, random.Random], Iterator[Made]]
