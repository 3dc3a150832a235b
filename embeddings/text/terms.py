"""Terms: the stemmed, lower-case words of a text, as the BM25 index stores them.

An article's words have the stems of its language, where that is known and has a stemmer (Snowball, in tantivy), and
English stems otherwise. Other comparisons of words use English stems.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tantivy import TextAnalyzer

# The index stores this description, among others, and is rebuilt when it changes.
ANALYSIS = (
    "3: NFKC, no invisible characters, pairs or triples of characters in scripts without spaces, words of up to 100 "
    "bytes, lower case, ASCII, stems of the article's language"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens and zero-width characters would split words

# Scripts without spaces between words, and Hangul, whose words have endings.
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_SYLLABLES = "\u3000"  # the scripts after it write a syllable or a word with a character, those before it letters

ENGLISH = "en"
_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish",
}  # fmt: skip


@cache
def _analyser(language: str) -> "TextAnalyzer":
    """Return the analyser of a language, which is loaded with tantivy at the first use."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(100)).filter(Filter.lowercase())
    return builder.filter(Filter.ascii_fold()).filter(Filter.stemmer(_STEMMERS[language])).build()


def stemmed_in(language: str | None) -> str:
    """Return the language in whose stems the words of an article in some language are stored."""
    code = (language or ENGLISH).lower().partition("-")[0]
    return code if code in _STEMMERS else ENGLISH


def terms(query: str, languages: Iterable[str] = ()) -> list[str]:
    """Return the distinct terms of a query: its English stems in order, and then those in other languages.

    A query has no syntax: operators are ordinary text.
    """
    return list(dict.fromkeys(chain(stems(query), *(stems(query, language) for language in languages))))


def stems(text: str, language: str | None = None) -> list[str]:
    """Return the term of every word of a text in a language, in order and with repetitions."""
    stemmed: list[str] = _analyser(stemmed_in(language)).analyze(_normalised(text))
    return stemmed


def _normalised(text: str) -> str:
    """Return what an analyser is given: the text in NFKC form without invisible characters.

    A run of a script without spaces becomes its overlapping pairs of characters, as in Lucene's CJK analyser: what a
    word is there, a pair mostly tells. Where characters are letters, as in Thai, it takes three.
    """
    return _WITHOUT_SPACES.sub(_pieces, _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


def _pieces(run: re.Match[str]) -> str:
    characters = run.group()
    size = 2 if characters > _SYLLABLES else 3
    return f" {' '.join(characters[i : i + size] for i in range(max(len(characters) - size + 1, 1)))} "
