"""Terms: the stemmed, lower-case words of a text, as the BM25 index holds them.

tantivy's analyser makes them, so that whatever compares words compares what the index finds; no index is opened here.
"""

import re
import unicodedata

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

ANALYSIS = "1: NFKC, no invisible characters, words of up to 100 bytes, lower case, ASCII, English stems"
ANALYSER = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.remove_long(100))
    .filter(Filter.lowercase())
    .filter(Filter.ascii_fold())
    .filter(Filter.stemmer("english"))
    .build()
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens and zero widths would cut words in two


def terms(query: str) -> list[str]:
    """The words of a query as the index has them, each once. Nothing in a query is syntax."""
    return list(dict.fromkeys(stems(query)))


def stems(text: str) -> list[str]:
    """Every word of a text in its order, as the index has it."""
    words: list[str] = ANALYSER.analyze(normalised(text))
    return words


def normalised(text: str) -> str:
    """The text in NFKC form without invisible characters, as it is analysed."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
