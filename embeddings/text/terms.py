"""Terms: the stemmed, lower-case words of a text, as the BM25 index stores them.

They come from the tantivy analyser that the index uses, so that other comparisons of words agree with the index.
"""

import re
import unicodedata

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

# The index stores this description and is rebuilt when it changes.
ANALYSIS = "1: NFKC, no invisible characters, words of up to 100 bytes, lower case, ASCII, English stems"
ANALYSER = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.remove_long(100))
    .filter(Filter.lowercase())
    .filter(Filter.ascii_fold())
    .filter(Filter.stemmer("english"))
    .build()
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens and zero-width characters would split words


def terms(query: str) -> list[str]:
    """Return the distinct terms of a query, in order. A query has no syntax: operators are ordinary text."""
    return list(dict.fromkeys(stems(query)))


def stems(text: str) -> list[str]:
    """Return the term of every word of a text, in order and with repetitions."""
    stemmed: list[str] = ANALYSER.analyze(normalised(text))
    return stemmed


def normalised(text: str) -> str:
    """Return the text in NFKC form without invisible characters, which is what the analyser is given."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
