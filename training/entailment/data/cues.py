"""Sentences without a cue that their source itself has: who said it, a denial, what only could be."""

import random
import re
from collections.abc import Iterator

from training.entailment.data.deletions import Made
from training.entailment.data.pairs import CONTRADICTED, NEUTRAL, SUPPORTED
from training.entailment.data.source import Source, large

_SAID = (
    r"(?:said|says|told [\w ]{3,30}|claims|claimed|believes?|believed|argued|argues|warned|suggested|suggests|"
    r"estimated|alleged|insisted|reported|announced|thought|stated|predicted|hoped|feared|denied|wrote)"
)
_REPORTED = re.compile(rf"^(?P<who>[^,;:\"“]{{3,70}}?) {_SAID} (?:on \w+ )?that (?P<what>[^\"“”]{{20,}})$")
_SET_OFF = re.compile(
    r"^(?P<what>[^\"“”]{20,}?), (?P<who>[^,\"“”]{3,60}) (?:said|says|announced|confirmed|added)(?: on \w+)?\.$"
)
_NOT = re.compile(r"(?<=\w) not (?!only\b|just\b|until\b|yet\b|because\b)(?=[a-z]+)")
_COULD = re.compile(r"\b(?:could|may|might|would|should)(?= (?!not\b|have\b|be\b)[a-z]+)")
_WITHOUT = re.compile(r"\bwithout (?=(?:a|an|any|the)\b)")


def cues(source: Source, chance: random.Random) -> Iterator[Made]:
    """Yield the sentence without its cue, and the sentence with its cue in a shorter or equal form."""
    text = source.text
    if found := _REPORTED.match(text):
        yield text, large(found["what"]), NEUTRAL, "reported_dropped"
        yield text, f"According to {found['who']}, {found['what']}", SUPPORTED, "reported_kept"
    elif found := _SET_OFF.match(text):
        yield text, f"{found['what']}.", SUPPORTED, "set_off_dropped"
    for pattern, new, classes, kind in (
        (_NOT, " ", CONTRADICTED, "not_dropped"),
        (_COULD, "will", NEUTRAL, "could_dropped"),
        (_WITHOUT, "with ", CONTRADICTED, "without_dropped"),
    ):
        spots = list(pattern.finditer(text))
        if len(spots) == 1:
            changed = text[: spots[0].start()] + new + text[spots[0].end() :]
            yield text, changed, classes, kind
            if chance.random() < 0.5:
                yield text, text, SUPPORTED, f"{kind.partition('_')[0]}_kept"
            elif classes == CONTRADICTED:
                yield changed, text, CONTRADICTED, kind
