"""Parts of a question that asks several things: "Which firm bought the quarry, and who founded that firm?"."""

import re

from assistant.conversation.function_words import AUXILIARY, DO, HAVE

MAX_PARTS = 3
MAX_CHARACTERS = 400  # of a question that is split; a longer one tells a story
_MIN_WORDS = 3
# Where a question may begin: "who founded", "when did", "how many"; not "what she said", which is a clause.
_SUBJECT = r"(?:he|she|it|they|we|you|i|the|an?|this|these|those|his|her|its|their|that|there)"
_QUESTION = (
    rf"(?:(?:in|at|on|by|for|from|with|to|of) )?(?:(?:who|whom|what|which|whose) (?!{_SUBJECT}\b)"
    rf"|(?:when|where|why) {AUXILIARY}\b|how (?:{AUXILIARY}|many|much|long|old|far|often|tall|high|deep|large|big)\b)"
)
_POLAR = rf"(?:{DO}|{HAVE}|is|are|was|were|can|could|will|would) "
_ASKS = re.compile(rf"(?:(?:and|but|also),? )?{_QUESTION}|{_POLAR}", re.IGNORECASE)
_AND = r"(?:and|but)(?: also)?,? "
_BETWEEN = re.compile(
    rf"\? (?:(?:and|but|also),? )?(?={_QUESTION}|{_POLAR})|(?:[,;] (?:{_AND})?| {_AND})(?={_QUESTION})", re.IGNORECASE
)
_ASKED_NOUN = re.compile(r"\A(?:\w{1,9} )?(?:which|what) (?P<noun>\w+)\b", re.IGNORECASE)


def question_parts(question: str) -> list[str]:
    """Return the questions of which a question is made, in order; the question alone if it asks one thing.

    Args:
        question: a question that stands alone. Its later parts may refer back to earlier ones.
    """
    text = " ".join(question.split()).rstrip("?.! ")
    parts = [part.strip(" ,;") for part in _BETWEEN.split(text, MAX_PARTS - 1)]
    are_questions = all(len(part.split()) >= _MIN_WORDS and _ASKS.match(part) for part in parts)
    if len(parts) == 1 or not are_questions or len(question) > MAX_CHARACTERS:
        return [question]
    return [f"{part[0].upper()}{part[1:]}?" for part in parts]


def name_answer(part: str, earlier: str, answer: str) -> str:
    """Return a later part in which "that firm" is the answer to an earlier one, "Which firm …?"; or else unchanged."""
    asked = _ASKED_NOUN.match(earlier)
    return (
        re.sub(rf"\b(?:that|this|the|said) {re.escape(asked['noun'])}\b", lambda _: answer, part, count=1)
        if asked
        else part
    )
