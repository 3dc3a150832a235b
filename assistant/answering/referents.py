"""Referents of pronouns: the sentence before that names whom "she" means."""

import re
from itertools import islice

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.reading_order import ReadingOrder
from assistant.conversation.function_words import AUXILIARY, CONNECTIVE, DEMONSTRATIVE, PERSON, PERSON_AS_OBJECT, THING
from assistant.conversation.names import Name, names, text_before

MAX_DISTANCE = 6  # sentences between a pronoun and its referent
MAX_OPENING = 5  # words before a pronoun with which a sentence still opens: "Before that she …"
MAX_INTRODUCTION = 15  # the same, if they end with a comma: "As part of a plea deal with prosecutors, she …"
MAYBE, LIKELY = 0.5, 1.0  # how likely a name is that of a person
_PERSON = re.compile(rf"\b(?:{PERSON}|{PERSON_AS_OBJECT})\b", re.IGNORECASE)
_THING = re.compile(rf"{CONNECTIVE}(?:{THING}|{DEMONSTRATIVE})\b", re.IGNORECASE)
_SUBORDINATE = re.compile(
    r"(?:when|while|after|before|as|although|though|if|since|until|in|at|on|with|by|for|despite|unlike|like)\b"
    r"(?! (?:that|this|then)\b)",
    re.IGNORECASE,
)
_SUBJECT_BEFORE = re.compile(rf"\b{AUXILIARY}\s+\Z", re.IGNORECASE)
_WORD = re.compile(r"[\w’'-]+")


def referent_sentence(sentence: CandidateSentence, order: ReadingOrder) -> CandidateSentence | None:
    """Return the sentence that names what a pronoun with which a sentence opens refers to; None if there is none.

    A person is looked for some sentences back, a thing in the sentence right before, in the same paragraph.
    """
    opens_with_person = _opens_with_person(sentence)
    if not (opens_with_person or _THING.match(sentence.text)):
        return None
    before = list(islice(order.before(sentence), MAX_DISTANCE))
    if opens_with_person:
        people = {word for _, one in before for name in _people(one) for word in name.text.split()}
        for _, one in before:
            if not people.isdisjoint(_WORD.findall(one.text)):
                return one
    return next((one for gap, one in before[:1] if "\n\n" not in gap), None)


def is_about_another(question: str, sentence: CandidateSentence, order: ReadingOrder) -> bool:
    """True if a question asks what somebody did, and a sentence that opens with "she" tells it of somebody else."""
    subject = next(
        (name for name in names(question) if _SUBJECT_BEFORE.search(text_before(question, name.start))), None
    )
    if subject is None or subject.person < MAYBE or not _opens_with_person(sentence):
        return False
    referent = referent_sentence(sentence, order)
    told = _WORD.findall(f"{referent.text} {sentence.text}") if referent and _people(referent) else []
    return bool(told) and set(subject.text.split()).isdisjoint(told)


def _opens_with_person(sentence: CandidateSentence) -> bool:
    """True if a sentence opens with "he" or "she", and names nobody whom that may mean."""
    text = sentence.text
    pronoun = _PERSON.search(text)
    if pronoun is None:
        return False
    before = text[: pronoun.start()].rstrip()
    if len(before.split()) > (MAX_INTRODUCTION if before.endswith(",") else MAX_OPENING):
        return False
    people = [name.start for name in _people(sentence, least=MAYBE)]
    is_named_after = bool(_SUBORDINATE.match(text)) and bool(people)
    return not is_named_after and all(start > pronoun.start() for start in people)


def _people(sentence: CandidateSentence, *, least: float = LIKELY) -> list[Name]:
    """Return the names of people in a sentence, at offsets into it, as its passage tells them from other words."""
    start = sentence.span.start - sentence.hit.passage.span.start
    end = sentence.span.end - sentence.hit.passage.span.start
    found = [name for name in names(sentence.passage) if start <= name.start < end]
    return [
        name._replace(start=name.start - start, end=name.end - start) for name in found if name.person > least - 0.5
    ]
