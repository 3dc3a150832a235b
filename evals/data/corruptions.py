"""Synthetic claims: supported and corrupted sentences, made from real text by rules.

The corruptions follow FactCC (Kryściński et al. 2020): names, numbers and negations are changed, parts of two or three
sentences are joined, and hedges are removed. Supported are the sentence itself, a shorter version without an aside or a
clause, and versions with a synonym. The labels have some noise: a corrupted sentence can be true by chance, and a
shortened one can have another meaning.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random

from embeddings.text.sentences import sentence_spans
from evals.data.grounding import Claim

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*(?<![.,])\b")
_POSITIVE = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would|did|does|should)\b(?! not)")
_NEGATIVE = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would|did|does|should) not\b")
_HEDGE = re.compile(r"\b(?:may|might|could|would|possibly|probably|likely to|allegedly|reportedly) ")
_ASIDE = re.compile(r" \([^()]*\)|, (?:which|who|where|whose|including|such as)\b[^,]*(?=[,.])")
_APPOSITION = re.compile(r", [^,]{3,60},(?= (?:[a-z]+ed|is|was|are|were|has|had|said|on|in|at)\b)")
_MODIFIER = re.compile(r"\b(?:[a-z]+ly|very|also|senior|former|new|first|large|small|major|local|early|late|many) ")
_LEAD = re.compile(r"^(?:In|On|At|After|Before|During|By|Since|For|With|As|When|While|Although)\b[^,]{4,80}, ")
_TAIL = re.compile(r"(?:,| and| but| because| after| before| while) [^,]{8,}(?=[.!?]$)")
_CUTS = (_ASIDE, _APPOSITION, _MODIFIER, _LEAD, _TAIL)
_JOINT = re.compile(r"(?<=\w),? (?:and|but|that|which|who|because|when|after|before|in|on|by|for|to|with|from|of) ")
_SYNONYMS = (
    "said stated,big large,large big,begin start,began started,help assist,show demonstrate,get obtain,buy purchase,"
    "use utilise,about approximately,many numerous,also additionally,but however,important significant,became turned,"
    "build construct,built constructed,end finish,ended finished,find discover,found discovered,give provide,"
    "gave provided,make create,made created,need require,whole entire,small little,fast quick,called named,often "
    "frequently,mainly primarily,led headed,killed slain,hard difficult,part portion,city town,kids children,"
    "movie film,great excellent,bought purchased,used utilised,several multiple,located situated,chose selected"
)
_SYNONYM = dict(pair.split() for pair in _SYNONYMS.split(","))
_OPPOSITES = "increased decreased,first last,before after,more less,higher lower,largest smallest,won lost,early late,"
_OPPOSITES += (
    "north south,east west,most least,old young,best worst,rise fall,up down,all none,always never,large small"
)
_OPPOSITE = {a: b for pair in _OPPOSITES.split(",") for a, b in [pair.split(), pair.split()[::-1]]}

Change = Callable[[str, Sequence[str], Random], str | None]


def claims(text: str, elsewhere: str, name: str, chance: Random) -> Iterator[Claim]:
    """Yield a supported and a corrupted claim for each sentence of a text, as far as a rule applies.

    Args:
        text: The source of the claims.
        elsewhere: Another text, from which half of the wrong names, numbers and clauses are taken.
        name: The prefix of the claims' ids.
        chance: The random number generator.
    """
    sentences = [span.cut(text) for span in sentence_spans(text)]
    elsewhere_sentences = [span.cut(elsewhere) for span in sentence_spans(elsewhere)]
    for number, sentence in enumerate(sentences):
        if not 6 <= len(sentence.split()) <= 50:
            continue
        others = sentences[number + 1 :] + sentences[:number][::-1]  # the next one first
        for supported, changes in ((True, _SUPPORTED), (False, _CORRUPTED)):
            order = chance.sample(changes, len(changes))
            among = others if supported or chance.random() < 0.5 else elsewhere_sentences
            candidates = ((change.__name__.strip("_"), change(sentence, among, chance)) for change in order)
            for kind, claim in candidates:
                if claim and (supported or claim not in text):
                    yield Claim(f"{name}-{number}-{kind}", claim[0].upper() + claim[1:], text, supported)
                    break


def _same(sentence: str, others: Sequence[str], chance: Random) -> str | None:  # noqa: ARG001  part of Change
    return sentence


def _cut(sentence: str, others: Sequence[str], chance: Random) -> str | None:  # noqa: ARG001  part of Change
    result = sentence
    for pattern in chance.sample(_CUTS, len(_CUTS))[: chance.randint(1, len(_CUTS))]:
        shorter = pattern.sub("", result, count=1)
        result = shorter if len(shorter.split()) >= 4 else result
    return result if result != sentence else None


def _synonym(sentence: str, others: Sequence[str], chance: Random) -> str | None:  # noqa: ARG001  part of Change
    return _replaced(sentence, _SYNONYM)


def _cut_synonym(sentence: str, others: Sequence[str], chance: Random) -> str | None:
    cut = _cut(sentence, others, chance)
    return cut and _replaced(cut, _SYNONYM)


def _fused(sentence: str, others: Sequence[str], chance: Random) -> str | None:
    """Join this sentence and the next, both shortened if possible."""
    if not others:
        return None
    first, second = (_cut(one, others, chance) or one for one in (sentence, others[0]))
    return f"{first.rstrip('.!?')}, and {second[0].lower() + second[1:]}"


def _other_name(sentence: str, others: Sequence[str], chance: Random) -> str | None:
    return _exchanged(_NAME, sentence, others, chance)


def _other_number(sentence: str, others: Sequence[str], chance: Random) -> str | None:
    return _exchanged(_NUMBER, sentence, others, chance)


def _changed_number(sentence: str, others: Sequence[str], chance: Random) -> str | None:  # noqa: ARG001
    if not (found := _NUMBER.search(sentence)):
        return None
    digits = list(found.group())
    place = chance.choice([i for i, digit in enumerate(digits) if digit.isdigit()])
    digits[place] = str((int(digits[place]) + chance.randint(1, 8)) % 9 + 1)
    return sentence[: found.start()] + "".join(digits) + sentence[found.end() :]


def _swapped_names(sentence: str, others: Sequence[str], chance: Random) -> str | None:  # noqa: ARG001
    found = list(_NAME.finditer(sentence))
    if len(found) < 2 or found[0].group() == found[-1].group():
        return None
    a, b = found[0], found[-1]
    return sentence[: a.start()] + b.group() + sentence[a.end() : b.start()] + a.group() + sentence[b.end() :]


def _negated(sentence: str, others: Sequence[str], chance: Random) -> str | None:  # noqa: ARG001
    if _NEGATIVE.search(sentence):
        return _NEGATIVE.sub(r"\1", sentence, count=1)
    return _POSITIVE.sub(r"\1 not", sentence, count=1) if _POSITIVE.search(sentence) else None


def _asserted(sentence: str, others: Sequence[str], chance: Random) -> str | None:  # noqa: ARG001
    return _HEDGE.sub("", sentence, count=1) if _HEDGE.search(sentence) else None


def _opposite(sentence: str, others: Sequence[str], chance: Random) -> str | None:  # noqa: ARG001
    return _replaced(sentence, _OPPOSITE)


def _spliced(sentence: str, others: Sequence[str], chance: Random) -> str | None:
    """Join the first part of this sentence and the last part of another one."""
    if not others:
        return None
    here, other = list(_JOINT.finditer(sentence)), chance.choice(others)
    there = list(_JOINT.finditer(other))
    if not here or not there:
        return None
    a, b = chance.choice(here), chance.choice(there)
    joined = sentence[: a.start()] + other[b.start() :]
    return joined if a.start() > 15 and len(other) - b.start() > 15 else None


def _stitched(sentence: str, others: Sequence[str], chance: Random) -> str | None:
    """Join the beginning of this sentence and a part of each of the next two, as in a bad summary."""
    pieces = [sentence, *others[:2]]
    joints = [[0, *(found.start() for found in _JOINT.finditer(one)), len(one.rstrip(".!?"))] for one in pieces]
    if len(pieces) < 3 or any(len(cuts) < 3 for cuts in joints):
        return None
    firsts = [0, *(chance.randrange(len(cuts) - 1) for cuts in joints[1:])]
    cuts = zip(pieces, joints, firsts, strict=True)
    return "".join(one[joint[i] : joint[i + 1]] for one, joint, i in cuts) + "."


def _exchanged(pattern: re.Pattern[str], sentence: str, others: Sequence[str], chance: Random) -> str | None:
    here = list(pattern.finditer(sentence))
    there: list[str] = sorted({name for other in others for name in pattern.findall(other) if name not in sentence})
    if not here or not there:
        return None
    found = chance.choice(here)
    return sentence[: found.start()] + chance.choice(there) + sentence[found.end() :]


def _replaced(sentence: str, by: dict[str, str]) -> str | None:
    replaced = re.sub(r"\b[a-z]+\b", lambda word: by.get(word.group(), word.group()), sentence)
    return replaced if replaced != sentence else None


_SUPPORTED: tuple[Change, ...] = (_cut, _cut, _fused, _synonym, _cut_synonym, _same, _same)
_CORRUPTED: tuple[Change, ...] = (
    *(_other_name, _other_number, _changed_number, _swapped_names, _negated, _asserted, _opposite),
    *(_spliced, _spliced, _stitched, _stitched),
)
