"""``python -m evals.html``: the main text, title and authors of web pages, measured on three public sets.

    ASSISTANT_HTML_SETS=folder python -m evals.html [SET …]

The folder has a checkout of each set: ``article-extraction-benchmark`` of scrapinghub, ``trafilatura`` of adbar and
``readability`` of mozilla. The text is scored as the set does, readability's as the first set's; what is mended is
looked for in the even half of each set, by name, and shown on the odd half. A second row of each is trafilatura with
its own defaults. Titles and authors count where the set names them; authors are right if all are named and no other.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import typer

from assistant.sources import read_bytes
from embeddings.errors import ArticleAssistantError
from evals.data.web_pages import SETS, WebPage, sets_folder
from evals.metrics.extraction import Counts, ExtractionScores, mean_scores, segment_counts, shingle_counts, total_scores


@dataclass(frozen=True)
class Extract:
    """What was taken from a page. Of a page that is refused, nothing."""

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageFigures:
    """The counts of a page, and whether its title and its authors are right; None where the set does not name them."""

    counts: Counts
    title: bool | None
    authors: bool | None


def main() -> None:
    """Print the figures of each set."""
    folder = sets_folder()
    for name in sys.argv[1:] or SETS:
        pages = list(SETS[name](folder / name))
        typer.echo(name)
        for reader, read in (("this project", read_here), ("trafilatura", read_by_trafilatura)):
            figures = measure(pages, read)
            for half, some in (("even", figures[::2]), ("odd", figures[1::2]), ("all", figures)):
                typer.echo(f"  {reader:13} {half:5}{summary(pages, some)}")


def measure(pages: Sequence[WebPage], read: Callable[[bytes], Extract]) -> list[PageFigures]:
    """Return the figures of each page."""
    return [_figures(page, read(page.content)) for page in pages]


def read_here(content: bytes) -> Extract:
    """Read a page as an upload is read."""
    try:
        article = read_bytes(content, name="page.html", max_bytes=len(content), seconds=60)
    except ArticleAssistantError:
        return Extract()
    return Extract(article.text, article.title, article.authors)


def read_by_trafilatura(content: bytes) -> Extract:
    """Read a page with trafilatura and its defaults."""
    from trafilatura import bare_extraction

    try:
        document = bare_extraction(content, include_comments=False, with_metadata=True)
    except Exception:  # noqa: BLE001, because a crash is a page that is refused
        document = None
    if document is None or isinstance(document, dict):
        return Extract()
    return Extract(document.text or "", document.title or "", tuple((document.author or "").split("; ")))


def scores(pages: Sequence[WebPage], figures: Iterable[PageFigures]) -> ExtractionScores:
    """Return the scores of pages as their set counts them."""
    return set_scores(pages, [one.counts for one in figures])


def summary(pages: Sequence[WebPage], figures: Sequence[PageFigures]) -> str:
    """Return the scores of pages in one line."""
    precision, recall, f1 = scores(pages, figures)
    titles, authors = (
        [right for one in figures if (right := getattr(one, field)) is not None] for field in ("title", "authors")
    )
    named = "".join(
        f"  {field} {sum(right)} of {len(right)}"
        for field, right in (("titles", titles), ("authors", authors))
        if right
    )
    return f"{len(figures):5} pages  F1 {f1:.3f}  precision {precision:.3f}  recall {recall:.3f}{named}"


def page_counts(page: WebPage, text: str) -> Counts:
    """Return the counts of a text that was taken from a page, as the page's set counts."""
    if page.text is None:
        return segment_counts(page.kept, page.dropped, text)
    return shingle_counts(page.text, text)


def set_scores(pages: Sequence[WebPage], counts: Sequence[Counts]) -> ExtractionScores:
    """Return the scores of pages of one set, from the counts of each, as the set adds them up."""
    return total_scores(counts) if pages[0].text is None else mean_scores(counts)


def _figures(page: WebPage, extract: Extract) -> PageFigures:
    return PageFigures(
        page_counts(page, extract.text),
        _folded([page.title]) == _folded([extract.title]) if page.title else None,
        _folded(page.authors) == _folded(extract.authors) if page.authors else None,
    )


def _folded(names: Iterable[str]) -> set[str]:
    return {" ".join(name.casefold().split()) for name in names}


if __name__ == "__main__":
    main()
