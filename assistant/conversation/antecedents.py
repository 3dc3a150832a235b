"""Antecedents: the person, thing, place or statement of the conversation that an anaphor refers to."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.conversation.anaphora import Anaphor, Kind
from assistant.conversation.names import CONTEXT, ROLES, Gender, Name, full_names, names, text_before
from assistant.conversation.phrases import phrases, proposition

_MAX_AGE = 4  # exchanges back to the antecedent of an anaphor
_WHO_QUESTION = re.compile(r"^\W*(?:\w+\s+)?(?:who|whom|whose)\b|\bwh(?:ich|at)\s+(\w+)", re.IGNORECASE)
_PLACE_PREPOSITION = re.compile(r"\b(?:in|at|near|from|to|outside)\s+(?:the\s+)?$", re.IGNORECASE)
_PREPOSITION_BEFORE = re.compile(r"\b(?:from|to|in|at|near|around|over)\s+$", re.IGNORECASE)
_ARTICLE_BEFORE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_LAST_WORD = re.compile(r"(?<![\w/.&’'-])(\w+(?:[/.&’'-]+\w+)*),?\s+$")
_APPOSITION = re.compile(r"\A,\s+([^,.;]*)")


class Exchange(NamedTuple):
    """An earlier question, as it stands alone, and its answer."""

    question: str
    answer: str = ""


class Antecedent(NamedTuple):
    """The text that replaces an anaphor; ``is_named`` if it is understood without the topic of the conversation."""

    text: str
    is_named: bool = True


def find_antecedent(anaphor: Anaphor, question: str, exchanges: Sequence[Exchange]) -> Antecedent | None:
    """Return the antecedent of an anaphor; None if the exchanges have none."""
    recent = exchanges[: -_MAX_AGE - 1 : -1]
    if anaphor.kind in ("he", "she"):
        return _person(anaphor.kind, question, recent)
    if anaphor.kind == "there":
        return _place(question[: anaphor.start], recent)
    if anaphor.kind == "that":
        return next((Antecedent(proposition(one.question)) for one in recent if one.question), None)
    if anaphor.kind == "the":
        return _described(question[anaphor.start : anaphor.end], anaphor.noun, recent)
    return _thing(anaphor.kind, question, recent)


def topic(exchanges: Sequence[Exchange], exclude: str) -> str:
    """Return the names of the latest question that has any, except those that a text already has."""
    for exchange in reversed(exchanges):
        if named := _named_phrases(exchange.question):
            return ", ".join(part for part in named if part not in exclude)
    return ", ".join(dict.fromkeys(name.text for one in exchanges[-1:] for name in names(one.answer)[:2]))


def _named_phrases(question: str) -> list[str]:
    """Return the noun phrases of a question that have a name, and its other names."""
    spans = [(phrase.start, phrase.end, phrase.text) for phrase in phrases(question) if phrase.has_name]
    loose = [name for name in names(question) if not any(start <= name.start < end for start, end, _ in spans)]
    return list(dict.fromkeys([*(text for _, _, text in spans), *(name.text for name in loose)]))


def _person(kind: Gender, question: str, recent: Sequence[Exchange]) -> Antecedent | None:
    all_names = [name for exchange in recent for text in exchange for name in names(text)]
    full = full_names(all_names)
    person, genders = dict[str, float](), defaultdict[str, set[Gender | None]](set)
    for name in all_names:
        full_name = full[name.normalised]
        person[full_name] = max(name.person, person.get(full_name, name.person))
        genders[full_name].add(name.gender)
    surnames_in_question = {name.text.split()[-1] for name in names(question)}
    scores: dict[str, float] = {}
    for age, exchange in enumerate(recent):
        for name, salience in _people(exchange):
            full_name = full[name.normalised]
            if full_name.split()[-1] in surnames_in_question:
                continue
            score = salience + min(4.0, person[full_name]) - 1.5 * age
            score += 2.0 if kind in genders[full_name] else -4.0 if genders[full_name] - {None} else 0.0
            scores[full_name] = max(score, scores.get(full_name, score))
    if scores:
        return Antecedent(max(scores, key=scores.__getitem__))
    roles = (phrase.text for one in recent for phrase in phrases(one.question) if phrase.is_person)
    return next((Antecedent(role, is_named=False) for role in roles), None)


def _people(exchange: Exchange) -> Iterator[tuple[Name, float]]:
    """Yield the names that may be people, with their salience, which is high for the answer to a *who* question."""
    in_question = [name for name in names(exchange.question) if name.person > -1]
    yield from ((name, (4.0 if name.person >= 1 else 2.0) - 0.5 * i) for i, name in enumerate(in_question))
    who = _WHO_QUESTION.search(exchange.question)
    asks_who = bool(who and (who[1] is None or who[1].lower() in ROLES))
    surnames = {name.text.split()[-1] for name in in_question}
    in_answer = [name for name in names(exchange.answer) if name.person > -1]
    for i, name in enumerate(in_answer):
        is_new = name.text.split()[-1] not in surnames
        yield name, 3.0 * (asks_who and is_new and name.is_person) - 0.25 * i


def _thing(kind: Kind, question: str, recent: Sequence[Exchange]) -> Antecedent | None:
    plural = kind == "they"
    for exchange in recent:
        new_names = [name for name in names(exchange.question) if name.text not in question]
        people = [name for name in new_names if name.is_person]
        if plural and len(people) > 1:
            return Antecedent(" and ".join(name.text for name in people[:2]))
        things = [
            one
            for one in phrases(exchange.question)
            if not one.is_person
            and one.is_plural == plural
            and not (one.asked and _PLACE_PREPOSITION.search(text_before(exchange.question, one.start)))
        ]
        other_names = [name for name in new_names if not any(one.start <= name.start < one.end for one in things)]
        for phrase in sorted(things, key=lambda one: (not one.has_name, one.start)):
            return Antecedent(phrase.text, is_named=phrase.has_name)
        for name in sorted(other_names, key=lambda one: one.person > 1):
            return Antecedent(_with_article(name, exchange.question))
        for name in names(exchange.answer):
            if name.person < 0:
                return Antecedent(_with_article(name, exchange.answer))
    return None


def _place(before: str, recent: Sequence[Exchange]) -> Antecedent | None:
    for exchange in recent:
        for text in exchange:
            candidates = [name for name in names(text) if name.person <= 1 and name.text not in before]
            placed = [name for name in candidates if _PLACE_PREPOSITION.search(text_before(text, name.start))]
            for name in (*placed, *reversed(candidates)):
                preposition = "" if _PREPOSITION_BEFORE.search(before) else "in "
                return Antecedent(preposition + _with_article(name, text))
    return None


def _described(description: str, noun: str, recent: Sequence[Exchange]) -> Antecedent | None:
    """Return a description with the name of whom it describes: "the spokeswoman Maria Zakharova"."""
    if noun.lower() in {"this", "that"}:
        return None
    texts = [text for exchange in recent for text in exchange]
    for text in texts:
        for name in names(text):
            if _is_described(name, noun, text):
                full = full_names(other for text in texts for other in names(text))
                return Antecedent(f"{description} {full[name.normalised]}")
            if len(description.split()) == 2 and name.text.lower().endswith(f" {noun.lower()}"):
                return Antecedent(f"the {name.text}")
    for exchange in recent:
        for phrase in phrases(exchange.question):
            if phrase.head.lower() == noun.lower() and len(phrase.text) > len(description):
                return Antecedent(phrase.text, is_named=phrase.has_name)
    return Antecedent(description, is_named=False)


def _is_described(name: Name, noun: str, text: str) -> bool:
    """True if a noun is the title before a name or a word of the apposition after it."""
    title = _LAST_WORD.search(text_before(text, name.start))
    apposition = _APPOSITION.match(text[name.end : name.end + CONTEXT])
    nouns = [*([title[1]] if title else []), *(apposition[1].split() if apposition else [])]
    return noun.lower() in map(str.lower, nouns)


def _with_article(name: Name, text: str) -> str:
    return f"the {name.text}" if _ARTICLE_BEFORE.search(text_before(text, name.start)) else name.text
