"""Ingestion of files and folders into a library."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from assistant.sources import find_files, read_file
from assistant.sources.kind import RECORD_SUFFIXES
from assistant.sources.records import Record, parse_mapping, read_records
from embeddings.errors import ArticleAssistantError
from embeddings.library import Library
from embeddings.outcome import Outcome
from embeddings.text.article import Article


def ingest(
    library: Library,
    paths: Iterable[str | Path],
    *,
    max_bytes: int,
    seconds: float,
    follow_links: bool = False,
    fields: Mapping[str, str] | None = None,
) -> Iterator[Outcome]:
    """Add the articles in files and folders, and yield an outcome for each file with its path.

    A file that cannot be read has the outcome ``skipped`` and stops nothing. Outcomes are yielded as soon as they are
    known, so skipped files may come before articles that were read earlier. A file of records has an outcome for each,
    with the file and the line as its path; ``fields`` names the fields of records.

    Raises:
        InvalidInput: ``fields`` has a field that articles have not.
    """
    parse_mapping(fields or {})
    skipped: list[Outcome] = []
    pending: deque[str] = deque()  # paths of articles without an outcome; the library keeps their order

    def articles() -> Iterator[Article]:
        for start in paths:
            for path, skip_reason in find_files(Path(start), follow_links=follow_links):
                try:
                    if skip_reason:
                        skipped.append(Outcome(status="skipped", path=str(path), reason=skip_reason))
                        continue
                    if path.suffix.lower() in RECORD_SUFFIXES:
                        records = read_records(path, fields or {}, max_bytes=max_bytes, seconds=seconds)
                        yield from _pending(records, pending, skipped)
                        continue
                    article = read_file(path, max_bytes=max_bytes, seconds=seconds)
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


def _drain(outcomes: list[Outcome]) -> Iterator[Outcome]:
    while outcomes:
        yield outcomes.pop(0)
