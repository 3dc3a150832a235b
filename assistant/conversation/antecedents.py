"""What a gap stands for: the person, thing, place or matter of the turns before that fits it best."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.conversation.gaps import Gap, Kind
from assistant.conversation.names import NEAR, ROLES, Gender, Name, before, in_full, names
from assistant.conversation.phrases import phrases, proposition

_REACH = 4  # exchanges that a pronoun may reach back
_ASKS_WHO = re.compile(r"^\W*(?:\w+\s+)?(?:who|whom|whose)\b|\bwh(?:ich|at)\s+(\w+)", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:in|at|near|from|to|outside)\s+(?:the\s+)?$", re.IGNORECASE)
_BEFORE_THERE = re.compile(r"\b(?:from|to|in|at|near|around|over)\s+$", re.IGNORECASE)
_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_LAST_WORD = re.compile(r"(?<![\w/.&’'-])(\w+(?:[/.&’'-]+\w+)*),?\s+$")
_APPOSITION = re.compile(r"\A,\s+([^,.;]*)")


class Exchange(NamedTuple):
    """A question, as it stands alone, and what was answered."""

    question: str
    answer: str = ""


class Filling(NamedTuple):
    """What is put in place of a gap; ``known`` where a name stands in it, so that nothing else need be said."""

    text: str
    known: bool = True


def antecedent(gap: Gap, question: str, exchanges: Sequence[Exchange]) -> Filling | None:
    """What the gap stands for, or None where the turns before do not tell."""
    recent = exchanges[: -_REACH - 1 : -1]
    if gap.kind in ("he", "she"):
        return _person(gap.kind, question, recent)
    if gap.kind == "there":
        return _place(question[: gap.start], recent)
    if gap.kind == "that":
        return next((Filling(proposition(one.question)) for one in recent if one.question), None)
    if gap.kind == "the":
        return _described(question[gap.start : gap.end], gap.noun, recent)
    return _thing(gap.kind, question, recent)


def topic(exchanges: Sequence[Exchange], besides: str) -> str:
    """What the latest question that names anything names, besides what stands in a text already."""
    for exchange in reversed(exchanges):
        if named := _named(exchange.question):
            return ", ".join(part for part in named if part not in besides)
    return ", ".join(dict.fromkeys(name.text for one in exchanges[-1:] for name in names(one.answer)[:2]))


def _named(question: str) -> list[str]:
    """The names in a question, each within its noun phrase."""
    spans = [(phrase.start, phrase.end, phrase.text) for phrase in phrases(question) if phrase.has_name]
    loose = [name for name in names(question) if not any(start <= name.start < end for start, end, _ in spans)]
    return list(dict.fromkeys([*(text for _, _, text in spans), *(name.text for name in loose)]))


def _person(kind: Gender, question: str, recent: Sequence[Exchange]) -> Filling | None:
    every = [name for exchange in recent for text in exchange for name in names(text)]
    full = in_full(every)
    person, genders = dict[str, float](), defaultdict[str, set[Gender | None]](set)
    for name in every:
        called = full[name.said]
        person[called] = max(name.person, person.get(called, name.person))
        genders[called].add(name.gender)
    present = {name.text.split()[-1] for name in names(question)}
    scores: dict[str, float] = {}
    for age, exchange in enumerate(recent):
        for name, nearness in _people(exchange):
            called = full[name.said]
            if called.split()[-1] in present:
                continue
            score = nearness + min(4.0, person[called]) - 1.5 * age
            score += 2.0 if kind in genders[called] else -4.0 if genders[called] - {None} else 0.0
            scores[called] = max(score, scores.get(called, score))
    if scores:
        return Filling(max(scores, key=scores.__getitem__))
    roles = (phrase.text for one in recent for phrase in phrases(one.question) if phrase.is_person)
    return next((Filling(role, known=False) for role in roles), None)


def _people(exchange: Exchange) -> Iterator[tuple[Name, float]]:
    """The names that may be people's, with how near they are at hand. Who was asked for is talked about next."""
    asked = [name for name in names(exchange.question) if name.person > -1]
    yield from ((name, (4.0 if name.person >= 1 else 2.0) - 0.5 * i) for i, name in enumerate(asked))
    who = _ASKS_WHO.search(exchange.question)
    wanted = bool(who and (who[1] is None or who[1].lower() in ROLES))
    known = {name.text.split()[-1] for name in asked}
    answered = [name for name in names(exchange.answer) if name.person > -1]
    for i, name in enumerate(answered):
        new = name.text.split()[-1] not in known
        yield name, 3.0 * (wanted and new and name.is_person) - 0.25 * i


def _thing(kind: Kind, question: str, recent: Sequence[Exchange]) -> Filling | None:
    plural = kind == "they"
    for exchange in recent:
        people = [name for name in names(exchange.question) if name.person > 0 and name.text not in question]
        if plural and len(people) > 1:
            return Filling(" and ".join(name.text for name in people[:2]))
        fitting = [one for one in phrases(exchange.question) if not one.is_person and one.is_plural == plural]
        fitting = [one for one in fitting if not (one.asked and _PLACED.search(before(exchange.question, one.start)))]
        inside = [name for name in names(exchange.question) if name.text not in question]
        loose = [name for name in inside if not any(one.start <= name.start < one.end for one in fitting)]
        for phrase in sorted(fitting, key=lambda one: (not one.has_name, one.start)):
            return Filling(phrase.text, known=phrase.has_name)
        for name in sorted(loose, key=lambda one: one.person > 1):
            return Filling(_with_article(name, exchange.question))
        for name in names(exchange.answer):
            if name.person < 0:
                return Filling(_with_article(name, exchange.answer))
    return None


def _place(asked: str, recent: Sequence[Exchange]) -> Filling | None:
    for exchange in recent:
        for text in exchange:
            found = [name for name in names(text) if name.person <= 1 and name.text not in asked]
            placed = [name for name in found if _PLACED.search(before(text, name.start))]
            for name in (*placed, *reversed(found)):
                into = "" if _BEFORE_THERE.search(asked) else "in "
                return Filling(into + _with_article(name, text))
    return None


def _described(description: str, noun: str, recent: Sequence[Exchange]) -> Filling | None:
    """The description with the name that it was given before: "the spokeswoman" with "spokeswoman Maria Zakharova"."""
    if noun.lower() in {"this", "that"}:
        return None
    texts = [text for exchange in recent for text in exchange]
    for text in texts:
        for name in names(text):
            if _is_called(noun, text, name):
                full = in_full(other for text in texts for other in names(text))
                return Filling(f"{description} {full[name.said]}")
            if len(description.split()) == 2 and name.text.lower().endswith(f" {noun.lower()}"):
                return Filling(f"the {name.text}")
    for exchange in recent:
        for phrase in phrases(exchange.question):
            if phrase.head.lower() == noun.lower() and len(phrase.text) > len(description):
                return Filling(phrase.text, known=phrase.has_name)
    return Filling(description, known=False)


def _is_called(noun: str, text: str, name: Name) -> bool:
    """Whether a name follows the noun that it is called by, or has it beside it between commas."""
    title = _LAST_WORD.search(before(text, name.start))
    beside = _APPOSITION.match(text[name.end : name.end + NEAR])
    called = [*([title[1]] if title else []), *(beside[1].split() if beside else [])]
    return noun.lower() in map(str.lower, called)


def _with_article(name: Name, text: str) -> str:
    return f"the {name.text}" if _THE.search(before(text, name.start)) else name.text
