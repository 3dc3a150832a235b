"""Facts that a sentence states and that the cited text must state too: numbers, dates, times, names and quotations.

Values are compared, not spellings: ``11,000,000``, ``11 million`` and ``eleven million`` are one number, ``12 March``
agrees with ``2016-03-12``, and ``U.S.`` is ``US`` and stands for ``United States``. These are written rules; nothing is
learned and nothing is looked up.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.grounding.dates import CLOCK, DATE, WEEKDAY, PartialDate, dates, times
from assistant.grounding.quantities import (
    ORDINAL_WORDS,
    SCALES,
    SMALL_NUMBER_WORDS,
    TENS_WORDS,
    Quantity,
    quantities,
)
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

_QUOTATION = re.compile(r"“([^“”]{2,})”|\"([^\"]{2,})\"|(?<!\w)\u2018([^\u2018\u2019]{8,})\u2019(?!\w)")
_WORD = re.compile(r"(?:\w|[.'&](?=\w))+")
NAME_WORD = re.compile(r"(?<!\w)(?:[^\W\d_a-zß-ÿ](?:\w|[.'&](?=\w))*|[^\W\d]*+\d[\d_]*+[^\W\d_]\w*)")
_NOT_DECIMAL_POINT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_ORDINAL_NUMBER = re.compile(r"\A\d++(?:st|nd|rd|th|s|[\d.]*+(?:k|mn?|mln|bl?n|trn?|tn|[ap]m)\Z)")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[“\"(])$")
_START_CONTEXT = 80  # characters before a word, enough to see whether it starts a sentence

# Capitalised words that are not names.
_CONNECTIVES = (
    "however additionally also overall finally meanwhile moreover furthermore therefore thus yes yet still though "
    "although despite because since unless whereas while once until instead prior according such many most some "
    "several another every"
)
_NOT_NAMES = frozenset(
    f"i mr mrs ms dr sir {_CONNECTIVES} {ORDINAL_WORDS} {TENS_WORDS} {SMALL_NUMBER_WORDS}".split()
) | frozenset(SCALES)
_DEMONYM_ENDINGS = ("n", "an", "ian", "s", "es", "ish", "ese", "i")  # Russia, Russian
_NAME_GAP = 4  # words from one part of a name to the next


@dataclass(frozen=True)
class Facts:
    """The facts of a text.

    ``numbers_in_dates`` are the numbers inside its dates; ``numbers`` has all others. A name is the tuple of its
    normalised words. ``words`` are all words, normalised, and ``plain_text`` is these words joined by single spaces.
    """

    numbers: frozenset[Quantity]
    numbers_in_dates: frozenset[Quantity]
    dates: frozenset[PartialDate]
    times: frozenset[str]
    names: tuple[tuple[str, ...], ...]
    quotations: tuple[str, ...]
    words: tuple[str, ...]
    plain_text: str

    def values_missing_from(self, cited: "Facts") -> Iterator[str]:
        """Describe each number, date, time and quotation that the cited text does not have."""
        for value, unit in sorted(self.numbers - cited.numbers - cited.numbers_in_dates, key=str):
            yield f"the number {value}{unit}"
        if any(not any(date.agrees_with(other) for other in cited.dates) for date in self.dates):
            yield "the date"
        yield from (f"the time {time!r}" for time in sorted(self.times - cited.times))
        yield from (f"the quotation {quote!r}" for quote in self.quotations if quote not in cited.plain_text)

    def names_missing_from(self, cited: "Facts") -> Iterator[str]:
        """Describe each name that the cited text does not have."""
        yield from (f"the name {' '.join(name)!r}" for name in self.names if not _occurs(name, cited.words))


@lru_cache(maxsize=4096)
def extract_facts(text: str) -> Facts:
    """Return the facts of a text. Results are cached, because many sentences are compared with one passage."""
    straight = text.replace("’", "'")
    return Facts(
        numbers=frozenset(quantities(CLOCK.sub(" , ", DATE.sub(" , ", straight)))),
        numbers_in_dates=frozenset(number for match in DATE.finditer(straight) for number in quantities(match.group())),
        dates=frozenset(dates(straight)),
        times=frozenset(times(straight)),
        names=tuple(_names(WEEKDAY.sub(",", DATE.sub(",", straight)))),
        quotations=tuple(_plain_text("".join(groups)) for groups in _QUOTATION.findall(text)),
        words=tuple(map(_normalised, _WORD.findall(straight))),
        plain_text=_plain_text(text),
    )


def missing_values(sentence: str, cited: str) -> tuple[str, ...]:
    """Describe the numbers, dates, times and quotations of a sentence that the cited text does not have."""
    return tuple(extract_facts(sentence).values_missing_from(extract_facts(cited)))


def missing_names(sentence: str, cited: str) -> tuple[str, ...]:
    """Describe the names of a sentence that the cited text does not have."""
    return tuple(extract_facts(sentence).names_missing_from(extract_facts(cited)))


def missing_facts(sentence: str, cited: str) -> tuple[str, ...]:
    """Describe the values and names of a sentence that the cited text does not have."""
    return missing_values(sentence, cited) + missing_names(sentence, cited)


def _names(text: str) -> Iterator[tuple[str, ...]]:
    """Yield runs of capitalised words and codes.

    The first word of a sentence counts as a name too, unless it is a function word.
    """
    run: list[str] = []
    end = 0
    for match in NAME_WORD.finditer(text):
        if run and text[end : match.start()] not in {" ", "-"}:
            yield tuple(run)
            run = []
        word, end = match.group(), match.end()
        key = _normalised(word)
        starts_sentence = _SENTENCE_START.search(text[max(0, match.start() - _START_CONTEXT) : match.start()])
        is_code = any(map(str.isdecimal, word)) and any(map(str.isalpha, word))
        is_excluded = (
            key in _NOT_NAMES or _ORDINAL_NUMBER.match(key) or (starts_sentence and STOP_WORDS.issuperset(terms(key)))
        )
        if (word[0].isupper() or is_code) and not is_excluded:
            run.append(key)
        if word.endswith("'s"):
            end = 0  # What follows a possessive is another name.
    if run:
        yield tuple(run)


def _occurs(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """True if a text has a name: its parts near each other, or its initials, or the words that it abbreviates."""
    if len(name) > 1 and "".join(part[0] for part in name) in words:
        return True
    positions = [[i for i, word in enumerate(words) if _is_form_of(part, word)] for part in name]
    if len(name) == 1 and not positions[0]:
        initials = "".join(word[:1] for word in words)
        return 2 <= len(name[0]) <= 5 and name[0] in initials
    are_near = all(any(0 < j - i <= _NAME_GAP for i in first for j in second) for first, second in pairwise(positions))
    return all(positions) and are_near


def _is_form_of(part: str, word: str) -> bool:
    """True if two words are one word or differ in a grammatical or demonymic ending only."""
    if part == word or terms(part) == terms(word):
        return True
    short, long = sorted((part, word), key=len)
    return len(short) >= 4 and long.startswith(short) and long[len(short) :] in _DEMONYM_ENDINGS


def _normalised(word: str) -> str:
    """Return a word without case, accents, abbreviation points and possessive ending."""
    without_points = _NOT_DECIMAL_POINT.sub("", word)
    letters = "".join(c for c in unicodedata.normalize("NFKD", without_points) if not unicodedata.combining(c))
    return letters.casefold().removesuffix("'s").removesuffix("'")


def _plain_text(text: str) -> str:
    """Return the normalised words of a text between single spaces, so that punctuation does not hide a quotation."""
    return f" {' '.join(map(_normalised, _WORD.findall(text.replace('’', chr(39)))))} "
