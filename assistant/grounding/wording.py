"""Rules for the wording of an answer's sentences, which are stricter than what the checker's network asks for.

The network was taught mostly by changed sentences of articles; a language model makes up others. So a sentence of an
answer that is not verbatim has to be made of the words of its source, from one place of it, and to keep who said so.
"""

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from assistant.conversation.function_words import DEMONSTRATIVE, PERSON, THING
from assistant.grounding.facts import extract_facts
from assistant.grounding.quantities import QUANTITY_WORDS
from embeddings.text.sentences import sentence_spans
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

_REPORTING = (
    r"(?:says?|said|tells?|told|claim(?:s|ed)?|alleg(?:es?|ed)|accus(?:es?|ed)|argu(?:es?|ed)|believ(?:es?|ed)|announced|"
    r"stated|reported|suggest(?:s|ed)?|warn(?:s|ed)?|insist(?:s|ed)?|den(?:y|ies|ied)|assert(?:s|ed)?|thinks?|thought|"
    r"considere?[sd]?|estimated?|hopes|hoped|rumou?red|supposed(?:ly)?|allegedly|reportedly|[Aa]ccording to|"
    r"(?:add|maintain|propos|conclud|predict|writ|wrot|not|stat|report)(?:e?s|e?d|e)? that)"
)
# What follows the verb is only reported. If the verb is set off by a comma ("…, an official said, …"), the text states
# the rest itself.
_REPORTED = re.compile(rf"\b{_REPORTING}\b(?!\s*[,.;”\"])(?P<content>.*)", re.DOTALL)
_ATTRIBUTION = re.compile(rf"\b(?:{_REPORTING}|statement|view|opinion|theory)\b")
# A pronoun or a demonstrative at the begin of a sentence, which the sentence before explains.
REFERS_BACK = re.compile(rf"\A(?:\w+,?\s+){{0,2}}?(?:{PERSON}|{THING}|{DEMONSTRATIVE}|who|which)\b", re.IGNORECASE)
_CONJUNCTION = re.compile(r"\b(?:and|but|while|whereas)\b|;", re.IGNORECASE)
_LOWER_CASE_WORD = re.compile(r"(?<![\w’'-])[^\W\d_A-Z][^\W\d_]*(?![\w’'])")
# Words that may be added to a sentence without changing what it claims.
_NEUTRAL_TERMS = frozenset(terms("also called named known located said says told tells stated both"))
_AUXILIARY = re.compile(
    r"(?:is|are|was|were|has|have|had|will|would|can|could|may|might|shall|should|must|do|does|did)$"
)
_WORD = re.compile(r"\w+(?:['’.-]\w+)*|;")


def is_of_one_place(sentence: str, cited: str) -> bool:
    """True if a sentence is made of the words of one place of the cited text, and keeps who does and who says so."""
    rules = (has_other_words, drops_attribution, mixes_sentences, changes_agent, swaps_names)
    return not any(rule(sentence, cited) for rule in rules)


def has_other_words(sentence: str, cited: str) -> bool:
    """True if a content word of the sentence has no form in the cited text.

    Names and numbers are left to :mod:`assistant.grounding.facts`, which knows their other forms.
    """
    cited_terms = set(terms(cited))
    words = set(_LOWER_CASE_WORD.findall(sentence)) - QUANTITY_WORDS - set(_LOWER_CASE_WORD.findall(cited))
    new = {term for word in words for term in terms(word)} - STOP_WORDS - cited_terms - _NEUTRAL_TERMS
    return any(not any(_same_family(term, other) for other in cited_terms) for term in new)


def _same_family(term: str, other: str) -> bool:
    """True if two stems differ in their endings only, as those of *suspension* and *suspended* do."""
    shortest = min(len(term), len(other))
    shared = max(4, shortest - 2)
    return shortest >= shared and term[:shared] == other[:shared]


def drops_attribution(sentence: str, cited: str) -> bool:
    """True if a sentence states as a fact what the cited text only reports as said."""
    if _ATTRIBUTION.search(sentence):
        return False
    reported, stated = set[str](), set[str]()
    for part in _sentences(cited):
        report = _REPORTED.search(part)
        reported |= _content_terms(report["content"]) if report else set()
        stated |= _content_terms(part[: report.start()] if report else part)
    content = _content_terms(sentence)
    return len(content & reported - stated) > len(content) / 2


def mixes_sentences(sentence: str, cited: str) -> bool:
    """True if a sentence changes from one cited sentence to another in the middle of a clause.

    The change is allowed if the second cited sentence refers back to the one before it (*he said*), which has its
    subject, or if it follows a conjunction and the sentence goes on to name the subject of the second.
    """
    parts = _sentences(cited)
    part_terms = list(map(_content_terms, parts))
    current = set(range(len(parts)))  # the cited sentences that have every word since the last change
    pending_subjects = dict[int, set[str]]()  # terms of the subject of each of them that are still to be named
    after_conjunction = False
    for word in _WORD.findall(sentence):
        if _CONJUNCTION.fullmatch(word):
            after_conjunction = True
            continue
        word_terms = _content_terms(word)
        sources = {i for i, content in enumerate(part_terms) if content & word_terms}
        if not sources:
            continue
        if not current & sources:
            referring = {i for i in sources if i - 1 in current and REFERS_BACK.match(parts[i])}
            if not (referring or after_conjunction) or _is_pending(pending_subjects):
                return True
            current = referring or sources
            pending_subjects = {} if referring else {i: _subject_terms(parts[i]) for i in current}
        current &= sources
        pending_subjects = {i: subject - word_terms for i, subject in pending_subjects.items() if i in current}
        after_conjunction = False
    return _is_pending(pending_subjects)


def changes_agent(sentence: str, cited: str) -> bool:
    """True if an action directly follows a name in the cited text, and the sentence has another name before it.

    The sentence is read as consecutive longest runs of cited words. If a run may begin with a verb, the names right
    before its occurrences in the cited text are its agents, and one of them must be in the run before.
    """
    words, cited_words = _WORD.findall(sentence), list(_WORD.finditer(cited))
    word_terms, cited_terms = [terms(word) for word in words], [terms(match.group()) for match in cited_words]
    names = set[str]()
    start = 0
    while start < len(words):
        lengths = [_common_prefix_length(word_terms[start:], cited_terms[i:]) for i in range(len(cited_terms))]
        longest = max([*lengths, 1])
        if start and _may_be_verb(words[start]):
            agents = [_agent(cited_words, i, cited) for i, length in enumerate(lengths) if length == longest]
            if agents and all(agent and agent not in names for agent in agents):
                return True
        names = {word for word in words[start : start + longest] if _is_name(word)} or names
        start += longest
    return False


def _agent(words: Sequence[re.Match[str]], i: int, text: str) -> str:
    """Return the name right before word ``i`` of a text, with only white space between; else an empty string."""
    if not i or text[words[i - 1].end() : words[i].start()].strip():
        return ""
    word = words[i - 1].group()
    return word if _is_name(word) else ""


def swaps_names(sentence: str, cited: str) -> bool:
    """True if two consecutive names of the sentence stand in the opposite order in the cited text."""
    words = extract_facts(cited).words
    positions = [[i for i, word in enumerate(words) if word == name[-1]] for name in extract_facts(sentence).names]
    return any(max(second) < min(first) for first, second in pairwise(filter(None, positions)))


def _common_prefix_length(one: Sequence[object], other: Sequence[object]) -> int:
    """Return the number of equal items with which two sequences begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _may_be_verb(word: str) -> bool:
    """True for an auxiliary, and for a content word that is not a name."""
    return bool(_AUXILIARY.match(word)) or (bool(_content_terms(word)) and not _is_name(word))


def _is_name(word: str) -> bool:
    return word[0].isupper() and bool(_content_terms(word))


def _is_pending(subjects: dict[int, set[str]]) -> bool:
    return bool(subjects) and all(subjects.values())


def _sentences(text: str) -> list[str]:
    return [span.cut(text) for span in sentence_spans(text)] or [text]


def _content_terms(text: str) -> set[str]:
    return set(terms(text)) - STOP_WORDS


def _subject_terms(sentence: str) -> set[str]:
    """Return the terms of the first content word, which in most sentences belongs to the subject."""
    return next((content for word in _WORD.findall(sentence) if (content := _content_terms(word))), set())
