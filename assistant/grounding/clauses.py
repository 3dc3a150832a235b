"""Who does what, and who says so: what the words of a sentence alone do not tell.

A sentence of cited words is still false when one other word is put in, when it has somebody do what somebody else does
there, or when it states what the cited text only has somebody say.
"""

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from assistant.grounding.facts import COUNTING, facts
from embeddings.text.sentences import sentence_spans
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

_SAYS = (
    r"(?:says?|said|tells?|told|claim(?:s|ed)?|alleg(?:es?|ed)|accus(?:es?|ed)|argu(?:es?|ed)|believ(?:es?|ed)|announced|"
    r"stated|reported|suggest(?:s|ed)?|warn(?:s|ed)?|insist(?:s|ed)?|den(?:y|ies|ied)|assert(?:s|ed)?|thinks?|thought|"
    r"considere?[sd]?|estimated?|hopes|hoped|rumou?red|supposed(?:ly)?|allegedly|reportedly|[Aa]ccording to|"
    r"(?:add|maintain|propos|conclud|predict|writ|wrot|not|stat|report)(?:e?s|e?d|e)? that)"
)
# What follows the verb is only said. Set off by a comma ("…, an official said, …") the text itself tells it too.
_SAID = re.compile(rf"\b{_SAYS}\b(?!\s*[,.;”\"])(?P<what>.*)", re.DOTALL)
_SAYING = re.compile(rf"\b(?:{_SAYS}|statement|view|opinion|theory)\b")
_LEANS = re.compile(r"\A(?:\w+,?\s+){0,2}?(?:he|she|it|they|his|her|its|their|this|these|who|which)\b", re.IGNORECASE)
_JOINS = re.compile(r"\b(?:and|but|while|whereas)\b|;", re.IGNORECASE)
_PLAIN = re.compile(r"(?<![\w’'-])[^\W\d_A-Z][^\W\d_]*(?![\w’'])")
_NOTHING_NEW = frozenset(terms("also called named known located said says told tells stated both"))
_WORD = re.compile(r"\w+(?:['’.-]\w+)*|;")
_AUXILIARY = re.compile(
    r"(?:is|are|was|were|has|have|had|will|would|can|could|may|might|shall|should|must|do|does|did)$"
)


def foreign(sentence: str, cited: str) -> bool:
    """Whether a word with content stands nowhere in the cited text, in no form: a synonym, or the lie in what is true.

    Names and numbers are left to the rules for facts, which know their other forms.
    """
    there = set(terms(cited))
    words = set(_PLAIN.findall(sentence)) - COUNTING - set(_PLAIN.findall(cited))
    new = {stem for word in words for stem in _content(word)} - there - _NOTHING_NEW
    return any(not any(_akin(stem, other) for other in there) for stem in new)


def _akin(one: str, other: str) -> bool:
    """Whether two stems differ only in how they end: suspension, suspended."""
    shared = max(4, min(len(one), len(other)) - 2)
    return one[:shared] == other[:shared] and min(len(one), len(other)) >= shared


def unattributed(sentence: str, cited: str) -> bool:
    """Whether a sentence states as a fact what the cited text only has somebody say."""
    if _SAYING.search(sentence):
        return False
    said, told = set[str](), set[str]()
    for part in _sentences(cited):
        found = _SAID.search(part)
        said |= _content(found["what"]) if found else set()
        told |= _content(part[: found.start()] if found else part)
    own = _content(sentence)
    return len(own & said - told) > len(own) / 2


def mixes(sentence: str, cited: str) -> bool:
    """Whether a sentence goes over from one cited sentence to another in the middle of a clause.

    It may where the other one points back (*he said*), since its subject stands in the one before it, and behind an
    *and* where the other one's own subject comes along.
    """
    parts = _sentences(cited)
    have = [_content(part) for part in parts]
    here, joined, owed = set(range(len(parts))), False, dict[int, set[str]]()
    for word in _WORD.findall(sentence):
        if _JOINS.fullmatch(word):
            joined = True
            continue
        known = {i for i, words in enumerate(have) if words & _content(word)}
        if not known:
            continue
        if not here & known:
            back = {i for i in known if i - 1 in here and _LEANS.match(parts[i])}
            if not (back or joined) or (owed and all(owed.values())):
                return True
            here = back or known
            owed = {} if back else {i: _subject(parts[i]) for i in here}
        here &= known
        owed = {i: subject - _content(word) for i, subject in owed.items() if i in here}
        joined = False
    return bool(owed) and all(owed.values())


def usurps(sentence: str, cited: str) -> bool:
    """Whether somebody does here what stands behind another one's name in the cited text."""
    words, there = _WORD.findall(sentence), list(_WORD.finditer(cited))
    keys, keys_there = [terms(word) for word in words], [terms(found.group()) for found in there]
    names = set[str]()
    first = 0
    while first < len(words):
        runs = [alike(keys[first:], keys_there[place:]) for place in range(len(there))]
        longest = max([*runs, 1])
        if first and _acts(words[first]):
            actors = [_actor(there, place, cited) for place, run in enumerate(runs) if run == longest]
            if actors and all(actor and actor not in names for actor in actors):
                return True
        names = {word for word in words[first : first + longest] if _is_name(word)} or names
        first += longest
    return False


def _actor(there: Sequence[re.Match[str]], place: int, cited: str) -> str:
    """The name right before a word, with nothing between."""
    if not place or cited[there[place - 1].end() : there[place].start()].strip():
        return ""
    word = there[place - 1].group()
    return word if _is_name(word) else ""


def swaps(sentence: str, cited: str) -> bool:
    """Whether two names in a row stand the other way round in the cited text: who did it, and to whom."""
    words = facts(cited).words
    places = [[i for i, word in enumerate(words) if word == name[-1]] for name in facts(sentence).names]
    return any(max(after) < min(before) for before, after in pairwise(filter(None, places)))


def alike(one: Sequence[object], other: Sequence[object]) -> int:
    """With how many equal things two sequences begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _acts(word: str) -> bool:
    """Whether a word may be a verb: no name, and no small word but an auxiliary."""
    return bool(_AUXILIARY.match(word)) or (bool(_content(word)) and not _is_name(word))


def _is_name(word: str) -> bool:
    return word[0].isupper() and bool(_content(word))


def _sentences(text: str) -> list[str]:
    return [span.cut(text) for span in sentence_spans(text)] or [text]


def _content(text: str) -> set[str]:
    return set(terms(text)) - STOP_WORDS


def _subject(sentence: str) -> set[str]:
    """The first word with content: where no lead stands before it, it belongs to the subject."""
    return next((words for word in _WORD.findall(sentence) if (words := _content(word))), set())
