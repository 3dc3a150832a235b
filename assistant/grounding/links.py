"""Links to the characters of a span: into the article's page here, and into the live page it came from.

The second is a text fragment (WICG, "URL Fragment Text Directives"). Browsers compare text in a folded form: Chromium
with an ICU collator at primary strength, which ignores case, accents and invisible characters, Firefox by rules of its
own. So a form is chosen cautiously. Whatever may match in any of them counts as a match, with white space left out of
the comparison; and a form begins and ends only where every one of them sees the boundary of a word.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import product
from typing import NamedTuple
from urllib.parse import quote

from assistant.grounding.folding import FOLDED, Folded
from embeddings.text.article import Article, Entry, Span

# The limits of Chromium's own generator of such links. A range starts at three words on each side because a page says
# more than its article: a headline or a menu above it may well hold the first word of a quote, hardly the first three.
EXACT_CHARACTERS = 300
RANGE_WORDS = 3, 10
CONTEXT_WORDS = 10
_REACH = 1_000  # characters in which those words are looked for
MOST_DOUBLES = 2_000  # of a quote, or of its first three words: where there are more, no context is looked for

# A single line end too: it may be a <br> of the page, which no term matches across.
_BREAK = re.compile(r"[\n\v\f\x1c-\x1f\x85\u2028\u2029]")
_WORD = re.compile(r"[^\s\u3001\u3002\uff01\uff1f]*[\u3001\u3002\uff01\uff1f]+|[^\s\u3001\u3002\uff01\uff1f]+")
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


def read_link(base_url: str, article_id: str, span: Span) -> str:
    """The article's page here, highlighted and scrolled to the span."""
    return f"{base_url.rstrip('/')}/read/{quote(article_id, safe='')}#c={span.start}-{span.end}"


def source_link(article: Entry, span: Span, read: Callable[[str], Article]) -> str | None:
    """The article's own URL with a text fragment; None when the URL is not http(s) or the span has no such form.

    ``read`` gives the whole article of an id, or raises ArticleNotFound. The form must match nothing else in all of its
    text, so that is folded, once for all spans of an article that are asked for while it is remembered.
    """
    page, _, fragment = (article.url or "").partition("#")
    if not re.match("https?://", page, re.IGNORECASE):
        return None
    folded = FOLDED.of(article, read)
    directive = text_fragment(folded, span) if folded else None
    return directive and f"{page}#{fragment.partition(':~:')[0]}:~:text={directive}"


def text_fragment(page: Folded, span: Span) -> str | None:
    """The shortest directive ``[prefix-,]start[,end][,-suffix]`` that matches the span and nothing else in the text.

    A quote of up to 300 characters within one line is given whole, any other by its first and last words, three or more
    of each. Words around it, up to ten a side and within its line, are added only as far as its doubles require. White
    space at the ends of the span does not count.

    None where that is not enough, where the span has no letter or digit, and where it begins or ends inside a character
    as readers see it (before its accent, within a joined emoji) or beside an invisible one or a narrow no-break space.
    """
    text, quoted = page.text, span.cut(page.text)
    start = span.start + len(quoted) - len(quoted.lstrip())
    end = start + len(quoted.strip())
    if not any(map(str.isalnum, quoted)) or _splits(text, start) or _splits(text, end):
        return None
    whole = _BREAK.search(text, start, end - 1) is None
    form = None if whole and end - start <= EXACT_CHARACTERS else _ranged(page, start, end)
    if form is None and whole:
        form = _exact(page, start, end)
    if form is None:
        return None
    before, cut, resume, after = form
    prefix, first, last, suffix = (
        quote(_SPACES.sub(" ", text[left:right].strip()), safe="").replace("-", "%2D")
        for left, right in ((before, start), (start, cut), (resume, end), (end, after))
    )
    return (prefix and f"{prefix}-,") + first + (last and f",{last}") + (suffix and f",-{suffix}")


_Form = tuple[int, int, int, int]  # before, cut, resume, after: before-,start..cut,resume..end,-after


def _exact(page: Folded, start: int, end: int) -> _Form | None:
    """The quote itself, with the least context."""
    quoted = _Core.of(page, start, end)
    if quoted is None:
        return None
    for before, after in _shortest(_prefixes(page, start), _suffixes(page, end)):
        if quoted.comes_first(before, start if before < start else end, after):
            return before, end, end, after
    return None


def _ranged(page: Folded, start: int, end: int) -> _Form | None:
    """The first and last words of the quote, as few as will do, with the least context."""
    cuts = _some(page, [right for _, right in _words(page, start, min(end, _line_end(page.text, start)))])
    near = max(start, _line_start(page.text, end - 1), end - _REACH)
    resumes = _some(page, [left for left, _ in _words(page, near, end)][::-1])
    first = _Core.of(page, start, cuts[0]) if cuts else None
    last = _Core.of(page, resumes[0], end, since=cuts[0]) if cuts and resumes else None
    if first is None or last is None:
        return None
    for before, cut in _shortest(_prefixes(page, start), cuts):
        if first.comes_first(before, start if before < start else cut, cut):
            for resume, after in _shortest(resumes, _suffixes(page, end)):
                if cut <= resume and last.comes_first(resume, end, after, since=cut):
                    return before, cut, resume, after
    return None


class _Core(NamedTuple):
    """What all forms of a piece of the text have in common, and where else it stands: one search finds all doubles."""

    page: Folded
    start: int
    others: list[int]

    @classmethod
    def of(cls, page: Folded, start: int, end: int, since: int | None = None) -> "_Core | None":
        """With ``since`` only doubles from there to the end of the piece count. None where there are too many."""
        at, stop = page.at(start), page.at(end)
        letters, limit = page.letters[at:stop], len(page.letters) if since is None else stop
        others = list[int]()
        found = page.letters.find(letters, page.at(since or 0), limit) if letters else -1
        while found >= 0:
            if found != at:
                others.append(found)
                if len(others) > MOST_DOUBLES:
                    return None
            found = page.letters.find(letters, found + 1, limit)
        return cls(page, at, others)

    def comes_first(self, left: int, cut: int, right: int, since: int | None = None) -> bool:
        """Whether a search comes to ``[left, right)``, whose first term is ``[left, cut)``, and to no other place.

        With ``since`` it begins there and ends at the first match. Matches inside a word are passed over, unless the
        first term's overlap it: Chromium would go on behind them and miss the one that is meant.
        """
        page = self.page
        floor, at, middle, stop = (page.at(offset) for offset in (since or 0, left, cut, right))
        first, whole = page.letters[at:middle], page.letters[at:stop]
        if not first or page.letters.find(first, max(floor, at - len(first) + 1)) != at:
            return False
        for other in self.others:
            found = other + at - self.start
            if found >= floor and page.letters.startswith(whole, found):
                ends = page.ends(found, found + len(whole))
                if not any(_inside_word(page.text, offset) for offset in ends):
                    return False
        return True


def _words(page: Folded, left: int, right: int) -> list[tuple[int, int]]:
    return [word.span() for word in _WORD.finditer(page.text, left, right)]


def _some(page: Folded, offsets: list[int]) -> list[int]:
    fewest, most = RANGE_WORDS
    return [offset for offset in offsets[min(fewest, len(offsets)) - 1 : most] if _bounded(page.text, offset)]


def _prefixes(page: Folded, start: int) -> list[int]:
    words = _words(page, _line_start(page.text, start), start)[-CONTEXT_WORDS:]
    if words and _splits(page.text, words[-1][1]):
        words = []
    return [left for left in (start, *(left for left, _ in words[::-1])) if _bounded(page.text, left)]


def _suffixes(page: Folded, end: int) -> list[int]:
    words = _words(page, end, _line_end(page.text, end))[:CONTEXT_WORDS]
    if words and _splits(page.text, words[0][0]):
        words = []
    return [right for right in (end, *(right for _, right in words)) if _bounded(page.text, right)]


def _line_start(text: str, offset: int) -> int:
    """Where the line of the offset begins, within reach."""
    reach = max(0, offset - _REACH)
    return max((match.end() for match in _BREAK.finditer(text, reach, offset)), default=reach)


def _line_end(text: str, offset: int) -> int:
    """Where the line of the offset ends, within reach."""
    found = _BREAK.search(text, offset, offset + _REACH)
    return found.end() if found else min(len(text), offset + _REACH)


def _shortest(lefts: Iterable[int], rights: Iterable[int]) -> list[tuple[int, int]]:
    return sorted(product(lefts, rights), key=lambda ends: ends[1] - ends[0])


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
