"""Questions that are only a piece of one: "And in Homs?", "What about 7341?", "And why?"."""

import re

from assistant.conversation.names import names
from assistant.conversation.phrases import AUXILIARY, DO, NOUN, WH, phrases

_LEAD = re.compile(r"^(?:(?:and|but|or|so|ok(?:ay)?|then)\b,?\s*)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how)\s+about\s+", re.IGNORECASE)
_CLAUSE = re.compile(rf"^(?:\w+\s+)?(?:{WH}|{AUXILIARY})\b|\b(?:{AUXILIARY})\b", re.IGNORECASE)
_PREPOSITION = r"(?:of|in|at|on|for|with|between|near|to|by|from|about|before|after|during|since|against)"
_PLACES = {"in", "at", "near", "on", "to", "from"}
_PHRASE = re.compile(rf"\b({_PREPOSITION})\s+(?:the\s+|an?\s+)?{NOUN}(?:\s+of\s+(?:the\s+)?{NOUN})*", re.IGNORECASE)
_WHY = re.compile(
    r"^(?:since\s+)?(?:why|when|where|how|who|by whom|with whom)(?:\s+(?:not|exactly|so))?$", re.IGNORECASE
)
_ASKED = re.compile(
    rf"^(?P<wh>(?:\w+\s+)?{WH}\b(?:\s+(?!{AUXILIARY}\b)[\w’'-]+)*?)\s+(?P<rest>{AUXILIARY}\b.*)$", re.IGNORECASE
)
_CODE = re.compile(r"(?<![\w/-])(?=[\w/-]*\d)[\w/-]{3,}\b")
_DOES = re.compile(rf"\A(?:{DO})\b", re.IGNORECASE)
_LEADS = re.compile(rf"\b{_PREPOSITION}\b")
_INFLECTED = re.compile(r"\A\w+(ed|en|ing)")
_WORD = re.compile(r"\w+")


def completed(question: str, earlier: str) -> str | None:
    """The question that a piece asks, made from the one before it; None where the question is no piece.

    Every word of the piece is kept. Where it is not clear what it takes the place of, the earlier question stands
    beside it in brackets.
    """
    began = _LEAD.match(question)
    lead = began.group() if began else ""
    piece = question[len(lead) :].rstrip("?!. ")
    about = _ABOUT.match(piece)
    if not (lead or about or _WHY.match(piece)) or not piece or not earlier:
        return None
    earlier = earlier.rstrip("?!. ")
    if _WHY.match(piece):
        asked = _ASKED.match(earlier)
        if asked is None:
            return f"{lead}{piece} ({earlier})?"
        noun = next((phrase.text for phrase in phrases(asked["wh"] + " is") if phrase.asked), "")
        subject = _DOES.match(asked["rest"])
        rest = f"{asked['rest']} {noun}" if subject else asked["rest"].replace(" ", f" {noun} ", 1)
        return f"{lead}{piece} {' '.join(rest.split())}?"
    piece = piece[about.end() :] if about else piece
    if not about and _CLAUSE.search(piece):
        return None
    beside = f"{question.rstrip('?!. ')} ({earlier})"
    return f"{_replaced(piece, earlier) or beside}?"


def _replaced(piece: str, earlier: str) -> str | None:
    """The earlier question with the piece in place of what stands parallel to it."""
    code, old = _CODE.search(piece), list(_CODE.finditer(earlier))
    if code and old:
        alike = [one for one in old if _shape(one.group()) == _shape(code.group())] or old
        return earlier.replace(alike[-1].group(), code.group())
    lead = _LEADS.split(piece, maxsplit=1)[0].strip()
    tail = piece[len(lead) :].strip()
    text = earlier
    if tail:
        parallel = _parallel(tail, text)
        if parallel is None:
            return None if lead else f"{text} {tail}"
        start, end = parallel
        if lead and not names(f"so {lead}"):  # "city gardener of Port Sable" for "conductor of the orchestra of Sarre"
            return f"{text[: text[:start].rstrip().rfind(' ') + 1]}{lead} {tail}{text[end:]}"
        text = f"{text[:start]}{tail}{text[end:]}"
    if lead:
        found = names(f"so {lead}")
        if not found:
            inflected = _INFLECTED.fullmatch(lead)
            alike_words = [one for one in _WORD.findall(text) if inflected and one.endswith(inflected[1])]
            return text.replace(alike_words[-1], lead) if alike_words else None
        people = [name for name in names(text) if (name.person > 0) == (found[0].person > 0)]
        if not people:
            return None
        text = f"{text[: people[0].start]}{lead}{text[people[0].end :]}"
    return text


def _parallel(tail: str, text: str) -> tuple[int, int] | None:
    """Where the same preposition, or another of place, stands with a name if the piece has one."""
    preposition = tail.split(maxsplit=1)[0].lower()
    alike = _PLACES if preposition in _PLACES else {preposition}
    found = [one for one in _PHRASE.finditer(text) if one[1].lower() in alike]
    found = [one for one in found if bool(names(one[0])) == bool(names(tail))] or found
    best = min(found, key=lambda one: one[1].lower() != preposition, default=None)
    return best and best.span()


def _shape(code: str) -> str:
    return "".join("d" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in code)
