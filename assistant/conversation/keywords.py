"""Keyword queries: what one types into a search box, such as "kerry lavrov talks"."""

import re

from assistant.conversation.function_words import AUXILIARY, PERSON_AS_OBJECT, REFERRING, THING_AS_OBJECT, WH

MAX_WORDS = 12
_LATIN = re.compile(r"[A-Za-zÀ-ɏ0-9 \-–'’.,:/&+%$€£#()\"“”]*+")
_SENTENCE_END = (".", ",", ":")
_OF_SENTENCES = re.compile(
    rf"\b(?:{WH}|{AUXILIARY}|if|not|please|there|i|me|my|you|your|we|us|our|{REFERRING}|{PERSON_AS_OBJECT}|"
    rf"{THING_AS_OBJECT})\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:list|name|give|tell|show|find|explain|describe|define|compare|summari[sz]e|identify|discuss|outline|state|"
    r"mention|say|write|translate|and|or|but|so|then)\b",
    re.IGNORECASE,
)


def is_keyword_query(message: str) -> bool:
    """Return whether a message is a few words in Latin letters that are no sentence, no question and no request."""
    text = message.strip()
    return (
        bool(_LATIN.fullmatch(text))
        and any(map(str.isalpha, text))
        and not text.endswith(_SENTENCE_END)
        and len(text.split()) <= MAX_WORDS
        and not _OF_SENTENCES.search(text)
        and not _REQUEST.match(text)
    )
