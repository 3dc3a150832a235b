"""Text fragments: the part of a URL that has a browser find, highlight and scroll to some text of a page.

The syntax is that of the WICG draft "URL Fragment Text Directives". Browsers compare text in a folded form: Chromium
with an ICU collator at primary strength, which ignores case, accents and invisible characters, Firefox by rules of its
own. Directives are therefore chosen cautiously. Whatever may match in any browser counts as a match, white space is
left out of the comparison, and a directive begins and ends only where every browser sees a word boundary.
"""

import re
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple
from urllib.parse import quote

from assistant.grounding.folding import FoldedText
from assistant.grounding.word_boundaries import is_inside_word, is_word_boundary, splits_character
from embeddings.text.article import Span

# The limits of Chromium's own link generator, except that a range starts with three words on each side: a page has more
# text than its article, and a headline or menu may well repeat the first word of a quote, but hardly the first three.
EXACT_CHARACTERS = 300
RANGE_WORDS = 3, 10
CONTEXT_WORDS = 10
_REACH = 1_000  # characters in which these words are searched for
MAX_REPEATS = 2_000  # of a quote or of its first words; with more of them no directive is searched for

# A single line end counts too: it may be a <br> of the page, and no term matches across one.
_LINE_BREAK = re.compile(r"[\n\v\f\x1c-\x1f\x85\u2028\u2029]")
_WORD = re.compile(r"[^\s\u3001\u3002\uff01\uff1f]*[\u3001\u3002\uff01\uff1f]+|[^\s\u3001\u3002\uff01\uff1f]+")
_COLLAPSED_SPACES = re.compile(r"[ \t\r]+")  # a page shows a run of these as one space, and other spaces as they are


class _Directive(NamedTuple):
    """The offsets of ``[prefix-,]start[,end][,-suffix]`` in the text.

    The prefix ends where the quote starts, and the suffix starts where the quote ends. Without an end term,
    ``end_term_start`` is the end of the quote.
    """

    prefix_start: int
    start_term_end: int
    end_term_start: int
    suffix_end: int


def text_fragment(page: FoldedText, span: Span) -> str | None:
    """Return the shortest directive ``[prefix-,]start[,end][,-suffix]`` that matches the span and nothing else.

    A quote of up to 300 characters within one line is given whole, any other by its first and last words, at least
    three of each. Words around it, up to ten on each side and within its line, are added only if the quote occurs more
    than once. White space at the ends of the span does not count.

    Returns:
        The directive, percent-encoded. None if there is no such directive, if the span has no letter or digit, or if
        it begins or ends inside a character as readers see it (before its accent, within a joined emoji) or beside an
        invisible character or a narrow no-break space.
    """
    text, quoted = page.text, span.cut(page.text)
    start = span.start + len(quoted) - len(quoted.lstrip())
    end = start + len(quoted.strip())
    if not any(map(str.isalnum, quoted)) or splits_character(text, start) or splits_character(text, end):
        return None
    within_line = _LINE_BREAK.search(text, start, end - 1) is None
    directive = None if within_line and end - start <= EXACT_CHARACTERS else _range_directive(page, start, end)
    if directive is None and within_line:
        directive = _exact_directive(page, start, end)
    if directive is None:
        return None
    prefix, first, last, suffix = (
        quote(_COLLAPSED_SPACES.sub(" ", text[left:right].strip()), safe="").replace("-", "%2D")
        for left, right in (
            (directive.prefix_start, start),
            (start, directive.start_term_end),
            (directive.end_term_start, end),
            (end, directive.suffix_end),
        )
    )
    return (prefix and f"{prefix}-,") + first + (last and f",{last}") + (suffix and f",-{suffix}")


def _exact_directive(page: FoldedText, start: int, end: int) -> _Directive | None:
    """Return the directive of the whole quote with the least context."""
    quoted = _Occurrences.of(page, start, end)
    if quoted is None:
        return None
    for prefix_start, suffix_end in _shortest_first(_prefix_starts(page, start), _suffix_ends(page, end)):
        if quoted.is_only_match(prefix_start, start if prefix_start < start else end, suffix_end):
            return _Directive(prefix_start, end, end, suffix_end)
    return None


def _range_directive(page: FoldedText, start: int, end: int) -> _Directive | None:
    """Return the directive of the fewest first and last words of the quote with the least context."""
    first_line_end = min(end, _line_end(page.text, start))
    last_line_start = max(start, _line_start(page.text, end - 1), end - _REACH)
    start_term_ends = _term_limits(page, [right for _, right in _words(page, start, first_line_end)])
    end_term_starts = _term_limits(page, [left for left, _ in _words(page, last_line_start, end)][::-1])
    first = _Occurrences.of(page, start, start_term_ends[0]) if start_term_ends else None
    last = (
        _Occurrences.of(page, end_term_starts[0], end, since=start_term_ends[0])
        if start_term_ends and end_term_starts
        else None
    )
    if first is None or last is None:
        return None
    for prefix_start, first_end in _shortest_first(_prefix_starts(page, start), start_term_ends):
        if first.is_only_match(prefix_start, start if prefix_start < start else first_end, first_end):
            for last_start, suffix_end in _shortest_first(end_term_starts, _suffix_ends(page, end)):
                if first_end <= last_start and last.is_only_match(last_start, end, suffix_end, since=first_end):
                    return _Directive(prefix_start, first_end, last_start, suffix_end)
    return None


class _Occurrences(NamedTuple):
    """The other occurrences of a piece of the page, as indexes into its folded form.

    Every directive for a quote contains this piece of it, so that one search finds all other matches of all of them.
    """

    page: FoldedText
    position: int
    others: list[int]

    @classmethod
    def of(cls, page: FoldedText, start: int, end: int, since: int | None = None) -> "_Occurrences | None":
        """Find the other occurrences, with ``since`` only those from there to the end; None if there are too many."""
        index, stop = page.folded_index(start), page.folded_index(end)
        piece = page.folded[index:stop]
        limit = len(page.folded) if since is None else stop
        others = list[int]()
        match = page.folded.find(piece, page.folded_index(since or 0), limit) if piece else -1
        while match >= 0:
            if match != index:
                others.append(match)
                if len(others) > MAX_REPEATS:
                    return None
            match = page.folded.find(piece, match + 1, limit)
        return cls(page, index, others)

    def is_only_match(self, start: int, first_term_end: int, end: int, since: int | None = None) -> bool:
        """True if a browser's search matches ``[start, end)`` and nothing else.

        The first term of the search is ``[start, first_term_end)``. With ``since`` the search begins there and ends at
        the first match. Matches inside a word are skipped, unless one of the first term overlaps it: Chromium would go
        on after that match and miss the one that is meant.
        """
        page = self.page
        floor, index, term_stop, stop = (
            page.folded_index(offset) for offset in (since or 0, start, first_term_end, end)
        )
        term, whole = page.folded[index:term_stop], page.folded[index:stop]
        if not term or page.folded.find(term, max(floor, index - len(term) + 1)) != index:
            return False
        for other in self.others:
            match = other + index - self.position
            if match >= floor and page.folded.startswith(whole, match):
                limits = page.text_span(match, match + len(whole))
                if not any(is_inside_word(page.text, offset) for offset in limits):
                    return False
        return True


def _words(page: FoldedText, start: int, end: int) -> list[tuple[int, int]]:
    return [word.span() for word in _WORD.finditer(page.text, start, end)]


def _term_limits(page: FoldedText, offsets: list[int]) -> list[int]:
    """Return the offsets at which a term of a range may end: those after three to ten words, at word boundaries."""
    fewest, most = RANGE_WORDS
    return [offset for offset in offsets[min(fewest, len(offsets)) - 1 : most] if is_word_boundary(page.text, offset)]


def _prefix_starts(page: FoldedText, start: int) -> list[int]:
    """Return where a prefix may start, nearest first; the start of the quote stands for no prefix."""
    words = _words(page, _line_start(page.text, start), start)[-CONTEXT_WORDS:]
    if words and splits_character(page.text, words[-1][1]):
        words = []
    return [left for left in (start, *(left for left, _ in words[::-1])) if is_word_boundary(page.text, left)]


def _suffix_ends(page: FoldedText, end: int) -> list[int]:
    """Return where a suffix may end, nearest first; the end of the quote stands for no suffix."""
    words = _words(page, end, _line_end(page.text, end))[:CONTEXT_WORDS]
    if words and splits_character(page.text, words[0][0]):
        words = []
    return [right for right in (end, *(right for _, right in words)) if is_word_boundary(page.text, right)]


def _line_start(text: str, offset: int) -> int:
    """Return where the line of an offset begins, at most ``_REACH`` characters before it."""
    earliest = max(0, offset - _REACH)
    return max((match.end() for match in _LINE_BREAK.finditer(text, earliest, offset)), default=earliest)


def _line_end(text: str, offset: int) -> int:
    """Return where the line of an offset ends, at most ``_REACH`` characters after it."""
    line_break = _LINE_BREAK.search(text, offset, offset + _REACH)
    return line_break.end() if line_break else min(len(text), offset + _REACH)


def _shortest_first(starts: Iterable[int], ends: Iterable[int]) -> list[tuple[int, int]]:
    return sorted(product(starts, ends), key=lambda pair: pair[1] - pair[0])
