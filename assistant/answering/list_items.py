"""Lists in an article: those that its format marks, and the items below a line that ends with a colon."""

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.code_lines import code_block
from assistant.answering.reading_order import ReadingOrder
from assistant.conversation.function_words import AUXILIARY, WH
from assistant.grounding.quantities import quantities
from embeddings.text.article import Span

MAX_ITEMS = 20
MAX_STEPS = 30  # sentences of them
# Of items that end as sentences do, where nothing says how many there are:
MAX_UNCOUNTED, MAX_WORDS = 8, 20
_ASKS_FOR_LIST = re.compile(
    r"\A(?:please )?(?:list|name|enumerate|give me|tell me|show me)\b|\A(?:what|who) (?:all )?(?:are|were)\b|"
    r"\ball (?:the|of)\b",
    re.IGNORECASE,
)
_ASKS_FOR_STEPS = re.compile(
    r"\bhow (?:to\b|(?:do|does|did|can|could|should|would|must) (?:i|you|we|one|they|people|someone|somebody)\b)|"
    r"\b(?:steps|procedure|instructions)\b|\bwhat (?:do|should|must) (?:i|you|we|one) (?:have to |need to )?do\b",
    re.IGNORECASE,
)
_FUNCTION_WORD = (
    rf"(?:{AUXILIARY}|{WH}|of|in|at|on|for|with|between|near|to|by|from|about|before|after|during|since|until|against|over|"
    r"under|into|through|as|than|like|and|or|but|if|because|while|that|he|she|it|they|him|her|his|its|their|them|i|you|"
    r"we|there|this|these|those|not|a|an|the|last|next|yesterday|today)\b"
)
_WORD = rf"(?!{_FUNCTION_WORD})[/.&’'-]*\w+(?:[/.&’'-]+\w+)*+(?:['’](?=\s))?"
_ASKED_NOUN = re.compile(
    rf"\b(?:which|what|whose)\s+(?!(?:else|happen|made|led|took|\w+ed)\b)(?P<noun>{_WORD}(?:\s+{_WORD})*)"
    rf"(?P<verb>\s+{AUXILIARY}\b)?",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?<![suiSUI])(?<!new)(?<!headquarter)(?<!serie)s\Z|\A(?:people|children)\Z")
_MARKER = re.compile(r"(?:[-*•·–—▪◦]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
_TERM = re.compile(r"[^\s.!?:–—-][^.!?:–—]{0,60}?(?: [–—-] |: )")  # of an item that explains it: "Quay — a berth."
_IS_SENTENCE = re.compile(r"[.!?][\"”’')\]]*\Z")
_GOES_ON = re.compile(r"(?:[;,]|\b(?:and|or))\Z")
_FIRST = re.compile(r"(?:(?:The|A) )?(?:first|firstly|one)\b", re.IGNORECASE)
_NEXT = re.compile(
    r"(?:(?:The|A) )?(?:second|secondly|third|thirdly|fourth|fifth|sixth|seventh|eighth|ninth|tenth|next|last|lastly|"
    r"final|finally|another|other|others)\b",
    re.IGNORECASE,
)
_QUOTATION = ('"', "“", "«", "„")

Line = list[CandidateSentence]


def asks_for_list(question: str) -> bool:
    """True if a question asks for several things: "Which berths …", "List …", "What are …"."""
    return bool(_ASKS_FOR_LIST.search(question)) or any(map(_is_plural, _ASKED_NOUN.finditer(question)))


def asks_for_steps(question: str) -> bool:
    """True if a question asks what to do: "How do I …", "What are the steps …"."""
    return bool(_ASKS_FOR_STEPS.search(question))


def introduces_list(sentence: CandidateSentence) -> bool:
    """True if a sentence ends with a colon."""
    return sentence.text.endswith(":")


def is_item(sentence: CandidateSentence) -> bool:
    """True if a sentence is in a list that the article's format marks."""
    return _marked_list(sentence) is not None


def list_items(lead_in: CandidateSentence, order: ReadingOrder) -> list[CandidateSentence]:
    """Return the sentences of the list below a sentence that introduces it; empty if there is none.

    A list that no format marks ends where its lines are no longer alike: in their markers, in that they explain a term,
    or in how they end.
    """
    first, *others = [*islice(_lines(lead_in, order), MAX_ITEMS)] or [[]]
    items = [first]
    if not first or code_block(first[0]):
        return []
    if marked := _marked_list(first[0]):
        return [sentence for line in (first, *others) for sentence in line if marked.contains(sentence.span)]
    likeness = next(
        (one for one in (_MARKER, _TERM) if all(one.match(line[0].text) for line in [first, *others[:1]])), None
    )
    if likeness:
        items += takewhile(lambda line: likeness.match(line[0].text), others)
    elif len(first) > 1:
        return []  # prose
    elif not _IS_SENTENCE.search(first[0].text):
        for line in others:
            if _IS_SENTENCE.search(line[-1].text) and not _GOES_ON.search(items[-1][-1].text):
                break
            items.append(line)
    elif not first[0].text.startswith(_QUOTATION):  # a quotation is one item, whatever follows it
        count = _count(lead_in.text)
        items += takewhile(
            lambda line: len(line) == 1 and (count or len(line[0].text.split()) <= MAX_WORDS),
            others[: (count or MAX_UNCOUNTED) - 1],
        )
    return [sentence for line in items for sentence in line]


def steps(sentence: CandidateSentence, order: ReadingOrder) -> list[CandidateSentence]:
    """Return the sentences of the list that a sentence is in, or stands above, if the format marks it.

    A line above it that ends with a colon comes first.
    """
    first = sentence if _marked_list(sentence) else next((one for _, one in order.after(sentence)), sentence)
    marked = _marked_list(first)
    if marked is None:
        return []
    for _, before in order.before(first):
        if not marked.contains(before.span):
            break
        first = before
    lead_in = [one for _, one in islice(order.before(first), 1) if introduces_list(one)]
    following = takewhile(lambda one: marked.contains(one.span), (one for _, one in order.after(first)))
    return [*lead_in, first, *islice(following, MAX_STEPS)]


def _marked_list(sentence: CandidateSentence) -> Span | None:
    """Return the span of the list that the article's format marks and that a sentence is in."""
    return next((one for one in sentence.hit.excerpt.lists if one.contains(sentence.span)), None)


def enumerated(sentence: CandidateSentence, order: ReadingOrder) -> list[CandidateSentence]:
    """Return the sentences after one that enumerate what it says: "The first is … The second is …"."""
    following = [one for _, one in islice(order.after(sentence), MAX_ITEMS)]
    if not following or not _FIRST.match(following[0].text):
        return []
    return [following[0], *takewhile(lambda one: _NEXT.match(one.text), following[1:])]


def _is_plural(asked: re.Match[str]) -> bool:
    """True if the head noun is a plural: the last word without a digit, before the verb."""
    words = asked["noun"].split()
    if not asked["verb"] and words[-1].islower():
        del words[-1]
    head = next((word for word in reversed(words) if not any(map(str.isdigit, word))), "")
    return bool(_PLURAL.search(head.strip("'’")))


def _lines(lead_in: CandidateSentence, order: ReadingOrder) -> Iterator[Line]:
    """Yield the lines after a sentence, each as its sentences."""
    line: Line = []
    for gap, sentence in order.after(lead_in):
        if "\n" in gap:
            if line:
                yield line
            line = []
        elif not line:
            return  # the sentence goes on in its own line
        line.append(sentence)
    if line:
        yield line


def _count(text: str) -> int | None:
    """Return the number of items that a lead-in names: "four berths"."""
    values = [one.value for one in quantities(text) if not one.unit]
    return next((int(value) for value in values if not isinstance(value, str) and 2 <= value <= MAX_ITEMS), None)
