"""Lists in an article: the items below a line that ends with a colon."""

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.reading_order import ReadingOrder
from assistant.conversation.phrases import phrases
from assistant.grounding.quantities import quantities

MAX_ITEMS = 20
# Of items that end as sentences do, where nothing says how many there are:
MAX_UNCOUNTED, MAX_WORDS = 8, 20
_ASKS_FOR_LIST = re.compile(
    r"\A(?:please )?(?:list|name|enumerate|give me|tell me|show me)\b|\A(?:what|who) (?:all )?(?:are|were)\b|"
    r"\ball (?:the|of)\b",
    re.IGNORECASE,
)
_MARKER = re.compile(r"(?:[-*•·–—▪◦]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
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
    return bool(_ASKS_FOR_LIST.search(question)) or any(
        phrase.asked and phrase.is_plural and not question[phrase.start :].lower().startswith("how")
        for phrase in phrases(question)
    )


def introduces_list(sentence: CandidateSentence) -> bool:
    """True if a sentence ends with a colon."""
    return sentence.text.endswith(":")


def list_items(lead_in: CandidateSentence, order: ReadingOrder) -> list[CandidateSentence]:
    """Return the sentences of the list below a sentence that introduces it; empty if there is none.

    A list ends where its lines are no longer alike: in their markers, or in how they end.
    """
    first, *others = [*islice(_lines(lead_in, order), MAX_ITEMS)] or [[]]
    items = [first]
    if not first:
        return []
    if _MARKER.match(first[0].text):
        items += takewhile(lambda line: _MARKER.match(line[0].text), others)
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


def enumerated(sentence: CandidateSentence, order: ReadingOrder) -> list[CandidateSentence]:
    """Return the sentences after one that enumerate what it says: "The first is … The second is …"."""
    following = [one for _, one in islice(order.after(sentence), MAX_ITEMS)]
    if not following or not _FIRST.match(following[0].text):
        return []
    return [following[0], *takewhile(lambda one: _NEXT.match(one.text), following[1:])]


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
