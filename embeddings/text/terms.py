"""Terms: the stemmed, lower-case words of a text, as the BM25 index stores them.

They come from the tantivy analyser that the index uses, so that other comparisons of words agree with the index.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tantivy import TextAnalyzer

# The index stores this description, among others, and is rebuilt when it changes.
ANALYSIS = (
    "2: NFKC, no invisible characters, pairs of characters in scripts without spaces, words of up to 100 bytes, "
    "lower case, ASCII, English stems"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens and zero-width characters would split words

# Scripts without spaces between words, and Hangul, whose words have endings.
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")


@cache
def analyser() -> "TextAnalyzer":
    """Return the index's analyser, which is loaded with tantivy at the first use."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(100)).filter(Filter.lowercase())
    return builder.filter(Filter.ascii_fold()).filter(Filter.stemmer("english")).build()


def terms(query: str) -> list[str]:
    """Return the distinct terms of a query, in order. A query has no syntax: operators are ordinary text."""
    return list(dict.fromkeys(stems(query)))


def stems(text: str) -> list[str]:
    """Return the term of every word of a text, in order and with repetitions."""
    stemmed: list[str] = analyser().analyze(normalised(text))
    return stemmed


def normalised(text: str) -> str:
    """Return what the analyser is given: the text in NFKC form without invisible characters.

    A run of a script without spaces becomes its overlapping pairs of characters, as in Lucene's CJK analyser: what a
    word is there, a pair mostly tells.
    """
    return _WITHOUT_SPACES.sub(_pairs, _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


def _pairs(run: re.Match[str]) -> str:
    characters = run.group()
    return f" {' '.join(map(''.join, pairwise(characters))) or characters} "
