"""Elliptical questions, which leave out most of the question before: "And in Homs?", "What about 7341?", "And why?"."""

import re

from assistant.conversation.names import names
from assistant.conversation.phrases import AUXILIARY, DO, NOUN, WH, phrases

_CONJUNCTION = re.compile(r"^(?:(?:and|but|or|so|ok(?:ay)?|then)\b,?\s*)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how)\s+about\s+", re.IGNORECASE)
_CLAUSE = re.compile(rf"^(?:\w+\s+)?(?:{WH}|{AUXILIARY})\b|\b(?:{AUXILIARY})\b", re.IGNORECASE)
_PREPOSITION = r"(?:of|in|at|on|for|with|between|near|to|by|from|about|before|after|during|since|against)"
_PLACE_PREPOSITIONS = {"in", "at", "near", "on", "to", "from"}
_PHRASE = re.compile(rf"\b({_PREPOSITION})\s+(?:the\s+|an?\s+)?{NOUN}(?:\s+of\s+(?:the\s+)?{NOUN})*", re.IGNORECASE)
_QUESTION_WORD_ONLY = re.compile(
    r"^(?:since\s+)?(?:why|when|where|how|who|by whom|with whom)(?:\s+(?:not|exactly|so))?$", re.IGNORECASE
)
_WH_QUESTION = re.compile(
    rf"^(?P<wh>(?:\w+\s+)?{WH}\b(?:\s+(?!{AUXILIARY}\b)[\w’'-]+)*?)\s+(?P<rest>{AUXILIARY}\b.*)$", re.IGNORECASE
)
_CODE = re.compile(r"(?<![\w/-])(?=[\w/-]*\d)[\w/-]{3,}\b")
_DO_SUPPORT = re.compile(rf"\A(?:{DO})\b", re.IGNORECASE)
_PREPOSITION_WORD = re.compile(rf"\b{_PREPOSITION}\b")
_INFLECTED = re.compile(r"\A\w+(ed|en|ing)")
_WORD = re.compile(r"\w+")


def expand_ellipsis(question: str, earlier: str) -> str | None:
    """Return an elliptical question completed from an earlier one; None if the question is not elliptical.

    Every word of the question is kept. If it is not clear which part of the earlier question it replaces, the earlier
    question follows in parentheses.
    """
    conjunction = _CONJUNCTION.match(question)
    lead = conjunction.group() if conjunction else ""
    fragment = question[len(lead) :].rstrip("?!. ")
    about = _ABOUT.match(fragment)
    if not (lead or about or _QUESTION_WORD_ONLY.match(fragment)) or not fragment or not earlier:
        return None
    earlier = earlier.rstrip("?!. ")
    if _QUESTION_WORD_ONLY.match(fragment):
        earlier_parts = _WH_QUESTION.match(earlier)
        if earlier_parts is None:
            return f"{lead}{fragment} ({earlier})?"
        noun = next((phrase.text for phrase in phrases(earlier_parts["wh"] + " is") if phrase.asked), "")
        rest = earlier_parts["rest"]
        rest = f"{rest} {noun}" if _DO_SUPPORT.match(rest) else rest.replace(" ", f" {noun} ", 1)
        return f"{lead}{fragment} {' '.join(rest.split())}?"
    fragment = fragment[about.end() :] if about else fragment
    if not about and _CLAUSE.search(fragment):
        return None
    appended = f"{question.rstrip('?!. ')} ({earlier})"
    return f"{_substitute(fragment, earlier) or appended}?"


def _substitute(fragment: str, earlier: str) -> str | None:
    """Return the earlier question with the fragment in place of its parallel part; None if there is no such part."""
    code, earlier_codes = _CODE.search(fragment), list(_CODE.finditer(earlier))
    if code and earlier_codes:
        same_shape = [one for one in earlier_codes if _shape(one.group()) == _shape(code.group())] or earlier_codes
        return earlier.replace(same_shape[-1].group(), code.group())
    lead = _PREPOSITION_WORD.split(fragment, maxsplit=1)[0].strip()
    tail = fragment[len(lead) :].strip()
    text = earlier
    if tail:
        span = _parallel_span(tail, text)
        if span is None:
            return None if lead else f"{text} {tail}"
        start, end = span
        if lead and not names(f"so {lead}"):  # "city gardener of Port Sable" for "conductor of the orchestra of Sarre"
            return f"{text[: text[:start].rstrip().rfind(' ') + 1]}{lead} {tail}{text[end:]}"
        text = f"{text[:start]}{tail}{text[end:]}"
    if lead:
        lead_names = names(f"so {lead}")
        if not lead_names:
            inflected = _INFLECTED.fullmatch(lead)
            same_ending = [one for one in _WORD.findall(text) if inflected and one.endswith(inflected[1])]
            return text.replace(same_ending[-1], lead) if same_ending else None
        same_kind = [name for name in names(text) if name.is_person == lead_names[0].is_person]
        if not same_kind:
            return None
        text = f"{text[: same_kind[0].start]}{lead}{text[same_kind[0].end :]}"
    return text


def _parallel_span(tail: str, text: str) -> tuple[int, int] | None:
    """Return the span of the phrase with the same preposition, or another of place, if possible also with a name."""
    preposition = tail.split(maxsplit=1)[0].lower()
    prepositions = _PLACE_PREPOSITIONS if preposition in _PLACE_PREPOSITIONS else {preposition}
    phrases_found = [one for one in _PHRASE.finditer(text) if one[1].lower() in prepositions]
    parallel = [one for one in phrases_found if bool(names(one[0])) == bool(names(tail))] or phrases_found
    best = min(parallel, key=lambda one: one[1].lower() != preposition, default=None)
    return best and best.span()


def _shape(code: str) -> str:
    """Return a code with every digit as ``d`` and every letter as ``a``."""
    return "".join("d" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in code)
