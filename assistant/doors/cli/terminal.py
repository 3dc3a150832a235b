"""Output for people in a terminal. Control codes in articles are never printed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, get_args

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.answer import Answer, Citation, LikeReply, Location, Passage, SearchReply
from assistant.check import CheckedSentence
from assistant.doors.abstention import NO_ANSWER, REASONS, looked_for
from assistant.doors.schemas import ArticleList, ArticleWithText, ErrorDetail
from embeddings.outcome import Status
from embeddings.text.article import Article, Span

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CONTEXT = 300  # characters of the paragraph that are shown on either side of a quote
_MOST_IN_CONTEXT = 3  # quotes that are shown in their paragraphs, among which more would be lost


def error(detail: ErrorDetail) -> None:
    """Print an error with what was expected, what came and what to do, on standard error."""
    lines = (detail.message, f"Expected: {detail.expected}", f"Got: {detail.got}", detail.hint)
    _print("\n".join(lines), style="red", stderr=True)


def note(text: str) -> None:
    """Print a notice on standard error."""
    _print(text, style="yellow", stderr=True)


def notes(texts: Iterable[str]) -> None:
    """Print notices on standard error."""
    for text in texts:
        note(text)


def line(text: str) -> None:
    """Print a line of the result."""
    _print(text)


def counted(counts: Mapping[str, int]) -> str:
    """Return how many articles there are of each status, as one line; empty without any."""
    return ", ".join(f"{counts[status]} {status}" for status in get_args(Status) if counts.get(status))


def answer(value: Answer, read: Callable[[str], Article]) -> None:
    """Print the answer with its quotes, or the abstention with its reason.

    Code stands on lines of its own. Only an answer with sentences has a confidence that says something.
    """
    if value.answer is None:
        _print(NO_ANSWER, style="bold")
        _print(f"{REASONS[value.reason]}\n{looked_for(value)}")
        _quotes(value.citations, read)
        if value.passages and not value.citations:
            _print("\nThe nearest passage:")
            passage(value.passages[0])
    else:
        if value.short_answer:
            _print(value.short_answer, style="bold")
            _print("")
        lines = (f"\n{one.text}\n" if one.code else f"{one.text} " for one in value.sentences)
        _print("".join(lines).strip("\n ") or value.answer, style="" if value.short_answer else "bold")
        _quotes(value.citations, read)
    if value.dropped_sentences:
        count = "1 sentence was" if value.dropped_sentences == 1 else f"{value.dropped_sentences} sentences were"
        note(f"\n{count} left out: not supported by the cited characters.")
    if value.sentences and value.confidence is not None:
        _print(f"\nConfidence {value.confidence:.0%}", style="dim")
    notes(value.notices)


def checked_sentence(value: CheckedSentence, citations: Mapping[str, Citation]) -> None:
    """Print a sentence with its verdict, its unsupported words in [[ ]], and the cited place."""
    style = "bold" if value.verdict in {"verbatim", "supported"} else "bold red"
    text, end = Text(f"{value.verdict.replace('_', ' ')}: ", style=style), value.start
    for span in value.unsupported:
        text.append(_printable(value.text[end - value.start : span.start - value.start]), style="not bold default")
        marked = value.text[span.start - value.start : span.end - value.start]
        text.append(_printable(f"[[{marked}]]"), style="underline")
        end = span.end
    text.append(_printable(value.text[end - value.start :]), style="not bold default")
    console = Console()
    console.print(text, soft_wrap=not console.is_terminal)
    for citation in map(citations.__getitem__, value.citations):
        if value.verdict != "verbatim":
            _indented(Text(_printable(f"“{citation.quote}”")))
        _place(citation, f"{value.score:.2f}")
    _print("")


def passages(reply: SearchReply | LikeReply, *, filtered: bool) -> None:
    """Print the passages that were found, or that there are none, and the notices."""
    for one in reply.passages:
        passage(one)
    if not reply.passages:
        _print("No passage passes the filters." if filtered else "No passage was found.")
    notes(reply.notices)


def passage(value: Passage) -> None:
    """Print a passage and its place."""
    _print("")
    _indented(Text(_printable(value.text)))
    _place(value, "")


def articles(page: ArticleList) -> None:
    """Print one line per article."""
    for row in page.articles:
        _print(f"{row.id}  {row.published or '          '}  {row.source or '-'}  {row.title}")
    if page.next_cursor:
        note(f"There are more: --cursor {page.next_cursor}")


def article(value: ArticleWithText) -> None:
    """Print an article in full."""
    _print(value.title, style="bold")
    authors = ", ".join(value.authors)
    facts = (
        authors,
        value.source,
        value.published,
        value.url,
        f"{value.characters} characters",
        f"{value.passages} passages",
    )
    _print(" · ".join(str(fact) for fact in facts if fact), style="dim")
    _print(f"\n{value.text}")


def explanation(value: Mapping[str, Any] | None) -> None:
    """Print the explanation of an answer or a search; nothing if it is None."""
    if value is None:
        return
    table = Table("passage", "dense", "bm25", "fused", "reader", "cosine", "BM25", "score", "words", box=None)
    for row in value["passages"]:
        ranks = [str(row["ranks"].get(name) or "-") for name in ("dense", "bm25", "fused", "reader")]
        scores = [f"{row[name]:.3f}" for name in ("cosine", "bm25", "fused")]
        table.add_row(row["id"], *ranks, *scores, Text(_printable(" ".join(row["bm25_words"]))))
    Console().print("", table)
    if value["words_nowhere"]:
        _print("In no passage: " + ", ".join(value["words_nowhere"]))
    if value["filters"]:
        _print(f"Filters: {value['filters']}")
    if value.get("threshold") is not None:
        _print(f"Confidence {value['confidence']} against a threshold of {value['threshold']}")


def _quotes(citations: Sequence[Citation], read: Callable[[str], Article]) -> None:
    """Print each quote and its place: few of them highlighted in their paragraphs, more of them alone."""
    for citation in citations:
        few = len(citations) <= _MOST_IN_CONTEXT
        quote = _highlighted(citation, read(citation.article_id)) if few else Text(_printable(f"“{citation.quote}”"))
        _print("")
        _indented(quote)
        _place(citation, f"{citation.verdict} {citation.score:.2f}")


def _highlighted(citation: Citation, article: Article) -> Text:
    """The quote highlighted in its paragraph, in [[ ]] without colours; a long paragraph is shortened."""
    span = Span(start=citation.start, end=citation.end)
    paragraph = article.paragraph_span(span)
    start, end = max(paragraph.start, span.start - _CONTEXT), min(paragraph.end, span.end + _CONTEXT)
    shown = Text("…" if start > paragraph.start else "")
    shown.append(_printable(article.text[start : span.start]))
    quote = citation.quote if Console().color_system else f"[[{citation.quote}]]"
    shown.append(_printable(quote), style="black on yellow")
    return shown.append(_printable(article.text[span.end : end]) + ("…" if end < paragraph.end else ""))


def _place(place: Location, fact: str) -> None:
    page = place.page and f"page {place.page}"
    facts = (place.title, place.source, place.published, page, f"paragraph {place.paragraph}")
    where = f"characters {place.start}-{place.end}"
    _indented(Text(_printable(" · ".join(str(one) for one in (*facts, where, fact) if one)), style="dim"))
    _indented(Text(_printable(place.link), style="cyan"))


def _print(text: str, *, style: str = "", stderr: bool = False) -> None:
    console = Console(stderr=stderr)
    console.print(Text(_printable(text), style=style), soft_wrap=not console.is_terminal)


def _indented(text: Text) -> None:
    console = Console()
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, 2)))
    else:
        console.print(text, soft_wrap=True)


def _printable(text: str) -> str:
    """The text with control codes, which could change the terminal, as U+FFFD."""
    return _CONTROL.sub("�", text)
