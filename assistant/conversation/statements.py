"""Messages that have statements beside their questions: "Someone got into the store. How fast do I report that?"."""

import re

from assistant.conversation.function_words import AUXILIARY, WH
from embeddings.text.sentences import sentence_spans
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

_MIN_WORDS = 2  # content words without which a question means nothing alone: "What now?"
_ASKS = re.compile(rf"(?:(?:and|so|but)\s+)?(?:{WH}|{AUXILIARY})\b", re.IGNORECASE)


def without_statements(message: str) -> str | None:
    """Return only the questions of a message; None if it has no statements, or if its questions mean nothing alone."""
    sentences = [span.cut(message) for span in sentence_spans(message)]
    asked = [one for one in sentences if one.endswith("?")] or [one for one in sentences[-1:] if _ASKS.match(one)]
    question = " ".join(asked)
    is_part = len(asked) < len(sentences) and len({*terms(question)} - STOP_WORDS) >= _MIN_WORDS
    return question if is_part else None
