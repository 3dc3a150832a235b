"""Links to the characters of a span: into the article's page here, and into the live page it came from.

The second is a text fragment (WICG, "URL Fragment Text Directives"). Browsers compare text in a folded form: Chromium
with an ICU collator at primary strength, which ignores case, accents and invisible characters, Firefox by rules of its
own. So a form is chosen cautiously. Whatever may match in any of them counts as a match, with white space left out of
the comparison; and a form begins and ends only where every one of them sees the boundary of a word.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import product
from urllib.parse import quote

from embeddings.article import Article, Span

# The limits of Chromium's own generator of such links. A range starts at three words on each side because a page says
# more than its article: a headline or a menu above it may well hold the first word of a quote, hardly the first three.
EXACT_CHARACTERS = 300
RANGE_WORDS = 3, 10
CONTEXT_WORDS = 10
_REACH = 1_000  # characters in which those words are looked for

# A single line end too: it may be a <br> of the page, which no term matches across.
_BREAK = re.compile(r"[\n\v\f\x1c-\x1f\x85\u2028\u2029]")
_WORD = re.compile(r"[^\s\u3001\u3002\uff01\uff1f]*[\u3001\u3002\uff01\uff1f]+|[^\s\u3001\u3002\uff01\uff1f]+")
_RUN = re.compile(r"[!-~]+|[^!-~\s]")
_SPACES = re.compile(r"[ \t\r]+")  # those that a page collapses; others stand as they are

# Unicode's word boundaries (UAX 29), where a character's category does not tell them.
_LINKING = re.compile(
    r"[.,:;'\"\xb7\u037e\u0387\u060c\u060d\u066c\u07f8\u2018-\u2027\ufe10-\ufe14\ufe50-\ufe55\uff07\uff0c\uff0e\uff1a\uff1b]"
)
_JOINING = re.compile(r"[_\u055a-\u058a\u05f3\u05f4\u066b\u203f\u2040\u2054\u30a0\ufe33\ufe34\ufe4d-\ufe4f\uff3f]")
# Two that make one character: with a Hangul vowel or final, a skin tone; two halves of a flag; a Hebrew geresh.
_CLUSTER = re.compile(
    r"(?s:.)[\u1160-\u11ff\uff9e\uff9f\U0001f3fb-\U0001f3ff]|[\U0001f1e6-\U0001f1ff]{2}|[\u05d0-\u05ea]'"
)

# What a collator takes for the same, where neither decomposition nor the character's name tells it.
_SAME = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u05f3", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u05f4", '"')
    | {"æ": "ae", "œ": "oe", "ð": "d", "ß": "ss", "\u0629": "\u0647", "\u0649": "\u064a", "\u0640": ""}
)


def read_link(base_url: str, article_id: str, span: Span) -> str:
    """The article's page here, highlighted and scrolled to the span."""
    return f"{base_url.rstrip('/')}/read/{quote(article_id, safe='')}#c={span.start}-{span.end}"


def source_link(article: Article, span: Span) -> str | None:
    """The article's own URL with a text fragment; None when the URL is not http(s) or the span has no such form."""
    page, _, fragment = (article.url or "").partition("#")
    if not re.match("https?://", page, re.IGNORECASE):
        return None
    directive = text_fragment(article.text, span)
    return directive and f"{page}#{fragment.partition(':~:')[0]}:~:text={directive}"


def text_fragment(text: str, span: Span) -> str | None:
    """The shortest directive ``[prefix-,]start[,end][,-suffix]`` that matches the span and nothing else in the text.

    A quote of up to 300 characters within one line is given whole, any other by its first and last words, three or more
    of each. Words around it, up to ten a side and within its line, are added only as far as its doubles require. White
    space at the ends of the span does not count.

    None where that is not enough, where the span has no letter or digit, and where it begins or ends inside a character
    as readers see it (before its accent, within a joined emoji) or beside an invisible one or a narrow no-break space.
    """
    quoted = span.cut(text)
    start = span.start + len(quoted) - len(quoted.lstrip())
    end = start + len(quoted.strip())
    if not any(map(str.isalnum, quoted)) or _splits(text, start) or _splits(text, end):
        return None
    page = _page(text)
    whole = page.line(start) == page.line(end - 1)
    form = None if whole and end - start <= EXACT_CHARACTERS else page.ranged(start, end)
    if form is None and whole:
        form = page.exact(start, end)
    if form is None:
        return None
    before, cut, resume, after = form
    prefix, first, last, suffix = (
        quote(_SPACES.sub(" ", text[left:right].strip()), safe="").replace("-", "%2D")
        for left, right in ((before, start), (start, cut), (resume, end), (end, after))
    )
    return (prefix and f"{prefix}-,") + first + (last and f",{last}") + (suffix and f",-{suffix}")


class _Page:
    """A text as browsers compare it, folded, with the offset that each folded character comes from.

    A form is ``(before, cut, resume, after)``: prefix ``[before, start)``, text from ``[start, cut)`` to
    ``[resume, end)``, suffix ``[end, after)``.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
        self.origin = array("I")
        folded = []
        for run in _RUN.finditer(text):
            plain = "!" <= run[0] < "\x7f"
            folded.append(run[0].lower() if plain else _fold(run[0]))
            self.origin.extend(range(*run.span()) if plain else [run.start()] * len(folded[-1]))
        self.folded = "".join(folded)

    def line(self, offset: int) -> tuple[int, int]:
        """Where the line around an offset begins and ends; no term may leave it."""
        number = bisect_right(self.lines, offset)
        return self.lines[number - 1], self.lines[number]

    def exact(self, start: int, end: int) -> tuple[int, int, int, int] | None:
        """The quote itself, with the least context."""
        for before, after in _shortest(self._prefixes(start), self._suffixes(end)):
            if self._comes_first(before, start if before < start else end, after):
                return before, end, end, after
        return None

    def ranged(self, start: int, end: int) -> tuple[int, int, int, int] | None:
        """The first and last words of the quote, as few as will do, with the least context."""
        cuts = [right for _, right in self._words(start, min(end, self.line(start)[1], start + _REACH))]
        resumes = [left for left, _ in self._words(max(start, self.line(end - 1)[0], end - _REACH), end)]
        for before, cut in _shortest(self._prefixes(start), self._some(cuts)):
            if self._comes_first(before, start if before < start else cut, cut):
                for resume, after in _shortest(self._some(resumes[::-1]), self._suffixes(end)):
                    if cut <= resume and self._comes_first(resume, end, after, since=cut):
                        return before, cut, resume, after
        return None

    def _comes_first(self, left: int, cut: int, right: int, since: int | None = None) -> bool:
        """Whether a search comes to ``[left, right)``, whose first term is ``[left, cut)``, and to no other place.

        With ``since`` it begins there and ends at the first match. Matches inside a word are passed over, unless the
        first term's overlap it: Chromium would go on behind them and miss the one that is meant.
        """
        floor, at, middle, stop = (bisect_left(self.origin, offset) for offset in (since or 0, left, cut, right))
        first, whole = self.folded[at:middle], self.folded[at:stop]
        if not first or self.folded.find(first, max(floor, at - len(first) + 1)) != at:
            return False
        limit = len(self.folded) if since is None else at + len(whole)
        found = self.folded.find(whole, floor, limit)
        while found >= 0:
            ends = self.origin[found], self.origin[found + len(whole) - 1] + 1
            if found != at and not any(_inside_word(self.text, offset) for offset in ends):
                return False
            found = self.folded.find(whole, found + 1, limit)
        return True

    def _words(self, left: int, right: int) -> list[tuple[int, int]]:
        return [word.span() for word in _WORD.finditer(self.text, left, right)]

    def _some(self, offsets: list[int]) -> list[int]:
        fewest, most = RANGE_WORDS
        return [offset for offset in offsets[min(fewest, len(offsets)) - 1 : most] if _bounded(self.text, offset)]

    def _prefixes(self, start: int) -> list[int]:
        words = self._words(max(self.line(start)[0], start - _REACH), start)[-CONTEXT_WORDS:]
        if words and _splits(self.text, words[-1][1]):
            words = []
        return [left for left in (start, *(left for left, _ in words[::-1])) if _bounded(self.text, left)]

    def _suffixes(self, end: int) -> list[int]:
        words = self._words(end, min(self.line(end - 1)[1], end + _REACH))[:CONTEXT_WORDS]
        if words and _splits(self.text, words[0][0]):
            words = []
        return [right for right in (end, *(right for _, right in words)) if _bounded(self.text, right)]


_page = lru_cache(maxsize=8)(_Page)


def _shortest(lefts: Iterable[int], rights: Iterable[int]) -> list[tuple[int, int]]:
    return sorted(product(lefts, rights), key=lambda ends: ends[1] - ends[0])


@cache
def _fold(character: str) -> str:
    """What a character compares as: letters without case, accent, stroke or hook, one form of each digit and kana."""
    folded = ""
    for letter in unicodedata.normalize("NFKD", character).lower().translate(_SAME):
        name = unicodedata.name(letter, "").partition(" WITH ")[0]
        try:
            base = unicodedata.lookup(name.replace("LETTER FINAL ", "LETTER ").replace("KATAKANA", "HIRAGANA"))
        except KeyError:
            base = letter
        if unicodedata.category(letter)[0] not in "MCZ":
            folded += str(unicodedata.decimal(letter, base))
    return folded


def _splits(text: str, offset: int) -> bool:
    """Whether the offset stands inside a character as readers see it, or beside one at which browsers disagree.

    Such are the invisible, and the narrow no-break space: to Unicode it joins words, and no context reaches across it.
    """
    before, after = text[max(0, offset - 1) : offset], text[offset : offset + 1]
    unclear = (unicodedata.category(side) in {"Cc", "Cf"} and not side.isspace() for side in before + after)
    marked = after != "" and unicodedata.category(after)[0] == "M"
    return any(unclear) or marked or "\u202f" in before + after or _CLUSTER.match(before + after) is not None


def _bounded(text: str, offset: int) -> bool:
    """Whether a word surely begins or ends at the offset, however words are parted."""
    around = [text[max(0, at) : max(0, at + 1)] for at in range(offset - 2, offset + 2)]
    _, before, after, _ = around
    if _splits(text, offset):
        return False
    if not (before.strip() and after.strip()):
        return True
    first, second, third, fourth = map(_joins, around)
    if _LINKING.match(before):
        return not (first and third)
    return not (second and (fourth if _LINKING.match(after) else third))


def _joins(character: str) -> bool:
    return character != "" and (unicodedata.category(character)[0] in "LNMSC" or _JOINING.match(character) is not None)


def _inside_word(text: str, offset: int) -> bool:
    """Whether surely no word begins or ends at the offset: letters or digits of scripts that use spaces around it."""
    around = text[max(0, offset - 1) : offset + 1]
    return len(around) == 2 and all(side < "\u0e00" and (side.isalpha() or side.isdecimal()) for side in around)
