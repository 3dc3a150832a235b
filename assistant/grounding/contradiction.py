"""Decides whether a text contradicts a sentence: it has another number, date or name there, or the network says so."""

from rapidfuzz.distance import Indel

from assistant.grounding.dates import dates
from assistant.grounding.entailment import Checker
from assistant.grounding.language import is_english
from assistant.grounding.quantities import quantities
from assistant.grounding.unsupported import Unit, is_supported, units
from assistant.grounding.wording import has_other_words
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems

NEAR = 4  # words from one word to another that counts as near


def contradiction_score(sentence: str, cited: str, checker: Checker) -> float | None:
    """Return how surely the cited text contradicts a sentence, from the threshold to 1; None if it does not.

    A fact that was exchanged in an otherwise equal sentence is certain, in any language. The network is asked only
    about English sentences whose words and facts the text has, or has another fact for: it takes many paraphrases with
    other words for contradictions.

    Raises:
        ReaderUnavailable: the network's weights do not load.
    """
    exchanged = [exchanged_fact(sentence, cited, unit) for unit in _missing(sentence, cited)]
    if not all(exchanged):
        return None
    if exchanged and not any(unit and unit.kind == "name" for unit in exchanged):
        return 1.0
    if has_other_words(sentence, cited) or not is_english(f"{sentence} {cited}"):
        return None
    (found,) = checker.read(sentence, [cited])
    return round(found.contradicted, 4) if found.contradicted >= checker.thresholds.contradicted else None


def exchanged_fact(sentence: str, cited: str, missing: Unit) -> Unit | None:
    """Return the fact that a text has in place of one that only the sentence has; None if the two differ otherwise.

    The sentence's content words must stand in the text in the same order. The other fact is between the same two
    words, or at the begin or end of the sentence within ``NEAR`` words, and of the same kind.
    """
    words, cited_words = _content(sentence), _content(cited)
    matches = Indel.opcodes(list(map(_key, words)), list(map(_key, cited_words))).as_matching_blocks()
    places = {block.a + n: block.b + n for block in matches for n in range(block.size)}
    if any(one.kind == "word" and i not in places for i, one in enumerate(words)):
        return None
    at = words.index(missing)
    before = [places[i] for i in range(at) if i in places]
    after = [places[i] for i in range(at, len(words)) if i in places]
    first, last = max(before, default=-1) + 1, min(after, default=len(cited_words))
    between = cited_words[first if before else max(first, last - NEAR) : last if after else first + NEAR]
    return next((one for one in between if _differs(missing, one, sentence)), None)


def _missing(sentence: str, cited: str) -> list[Unit]:
    return [one for one in units(sentence) if one.kind != "word" and not is_supported(one, cited)]


def _content(text: str) -> list[Unit]:
    return [one for one in units(text) if one.kind != "word" or not STOP_WORDS.issuperset(stems(one.text))]


def _key(unit: Unit) -> str:
    return " ".join(stems(unit.text))


def _differs(unit: Unit, other: Unit, sentence: str) -> bool:
    """True if two facts are of the same kind and cannot both be meant: the sentence does not have the other one."""
    if unit.kind != other.kind or is_supported(other, sentence):
        return False
    if unit.kind == "date":
        return any(
            None not in (a, b) and a != b
            for one in dates(unit.text)
            for another in dates(other.text)
            for a, b in zip(one, another, strict=True)
        )
    if unit.kind == "number":
        return {unit for _, unit in quantities(unit.text)} == {unit for _, unit in quantities(other.text)}
    return True
