"""Sentences that something was done, where their source says that it was planned, refused, tried or done."""

import random
import re
from collections.abc import Iterator

from lemminflect import getLemma

from training.entailment.data.deletions import Made
from training.entailment.data.pairs import CONTRADICTED, NEUTRAL, SUPPORTED
from training.entailment.data.source import Source

_DID = re.compile(
    r"^(?P<who>(?:The [a-z]+|[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3})) (?P<verb>[a-z]+ed) "
    r"(?=(?:the|a|an|his|her|its|their|to|in|on|at|for|with|from|that|into|[A-Z][a-z]+)\b)"
)
_NOT_DONE = (
    "failed to",
    "refused to",
    "did not",
    "declined to",
    "was unable to",
    "was not allowed to",
    "never managed to",
    "decided not to",
)
_NOT_SAID: tuple[str, ...] = (
    "planned to",
    "hoped to",
    "tried to",
    "wanted to",
    "promised to",
    "offered to",
    "threatened to",
    "was expected to",
    "agreed to",
)
_NOT_SAID += ("was going to", "was due to", "considered whether to", "was asked to", "is set to", "would have")
_DONE = (
    "managed to",
    "was able to",
    "went on to",
    "did indeed",
    "was the first to",
    "did not hesitate to",
    "did not fail to",
    "was forced to",
)


def attempts(source: Source, chance: random.Random) -> Iterator[Made]:
    """Yield the sentence where its source only tells of a plan, a failure or a success, and the other way round."""
    found = _DID.match(source.text)
    if not found:
        return
    lemma = getLemma(found["verb"], "VERB")[0]
    rest = source.text[found.end() :]

    def put(frame: str) -> str:
        verb = found["verb"] if frame == "would have" else lemma
        return f"{found['who']} {frame} {verb} {rest}"

    yield put(chance.choice(_NOT_DONE)), source.text, CONTRADICTED, "attempt_failed"
    yield put(chance.choice(_NOT_SAID)), source.text, NEUTRAL, "attempt_planned"
    yield put(chance.choice(_DONE)), source.text, SUPPORTED, "attempt_done"
    yield put(chance.choice(_NOT_DONE)), put("did not"), SUPPORTED, "attempt_kept"
    yield source.text, put(chance.choice(_NOT_DONE[:4])), CONTRADICTED, "attempt_added"
    planned = chance.choice(_NOT_SAID)
    yield put(planned), put(planned), SUPPORTED, "attempt_kept"
