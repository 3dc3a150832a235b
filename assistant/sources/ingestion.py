"""Ingestion of files and folders into a library."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.sources import find_files, read_file
from embeddings.errors import ArticleAssistantError
from embeddings.library import Library
from embeddings.outcome import Outcome
from embeddings.text.article import Article


def ingest(
    library: Library, paths: Iterable[str | Path], *, max_bytes: int, seconds: float, follow_links: bool = False
) -> Iterator[Outcome]:
    """Add the articles in files and folders, and yield an outcome for each file with its path.

    A file that cannot be read has the outcome ``skipped`` and stops nothing. Outcomes are yielded as soon as they are
    known, so skipped files may come before articles that were read earlier.
    """
    skipped: list[Outcome] = []
    pending: deque[str] = deque()  # paths of articles without an outcome; the library keeps their order

    def articles() -> Iterator[Article]:
        for start in paths:
            for path, skip_reason in find_files(Path(start), follow_links=follow_links):
                try:
                    if skip_reason:
                        skipped.append(Outcome(status="skipped", path=str(path), reason=skip_reason))
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


def _drain(outcomes: list[Outcome]) -> Iterator[Outcome]:
    while outcomes:
        yield outcomes.pop(0)
