"""Ingestion of files, folders and pages of the web into a library."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from assistant.sources import find_files, read_file, read_page
from assistant.sources.kind import RECORD_SUFFIXES
from assistant.sources.records import Record, parse_mapping, read_records
from assistant.web.fetch import Fetcher
from embeddings.errors import ArticleAssistantError
from embeddings.library import Library
from embeddings.outcome import Outcome
from embeddings.text.article import Article


def ingest(
    library: Library,
    paths: Iterable[str | Path],
    fetcher: Fetcher,
    *,
    seconds: float,
    follow_links: bool = False,
    fields: Mapping[str, str] | None = None,
) -> Iterator[Outcome]:
    """Add the articles in files and folders and at addresses, and yield an outcome for each with its path or address.

    What cannot be read has the outcome ``skipped`` and stops nothing. Outcomes are yielded as soon as they are
    known, so skipped files may come before articles that were read earlier. A file of records has an outcome for each,
    with the file and the line as its path; ``fields`` names the fields of records.

    Raises:
        InvalidInput: ``fields`` has a field that articles have not.
    """
    parse_mapping(fields or {})
    skipped: list[Outcome] = []
    pending: deque[str] = deque()  # paths of articles without an outcome; the library keeps their order

    def found() -> Iterator[tuple[str | Path, str | None]]:
        for start in paths:
            yield from [(start, None)] if is_address(start) else find_files(Path(start), follow_links=follow_links)

    def articles() -> Iterator[Article]:
        for path, skip_reason in found():
            try:
                if skip_reason:
                    skipped.append(Outcome(status="skipped", path=str(path), reason=skip_reason))
                    continue
                if isinstance(path, Path) and path.suffix.lower() in RECORD_SUFFIXES:
                    records = read_records(path, fields or {}, max_bytes=fetcher.max_bytes, seconds=seconds)
                    yield from _pending(records, pending, skipped)
                    continue
                if is_address(path):
                    article = read_page(fetcher.fetch(str(path)), seconds=seconds)
                else:
                    article = read_file(Path(path), max_bytes=fetcher.max_bytes, seconds=seconds)
            except ArticleAssistantError as error:
                skipped.append(Outcome(status="skipped", path=str(path), reason=str(error), error=error))
                continue
            pending.append(str(path))
            yield article

    for outcome in library.add(articles()):
        yield from _drain(skipped)
        yield outcome.model_copy(update={"path": pending.popleft()})
    yield from _drain(skipped)


def _pending(records: Iterable[Record], pending: deque[str], skipped: list[Outcome]) -> Iterator[Article]:
    """Yield the articles of records, after their places are pending; those that have none are skipped."""
    for place, article, error in records:
        if article is None:
            skipped.append(Outcome(status="skipped", path=place, reason=str(error), error=error))
        else:
            pending.append(place)
            yield article


def is_address(path: str | Path) -> bool:
    """True if a path is the address of a page rather than a file or a folder."""
    return isinstance(path, str) and path.lower().startswith(("http://", "https://"))


def _drain(outcomes: list[Outcome]) -> Iterator[Outcome]:
    while outcomes:
        yield outcomes.pop(0)
