"""Paths → articles → the library. A file that cannot be read is an outcome like any other and stops nothing."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.sources import find_files, read_file
from embeddings.errors import ArticleAssistantError
from embeddings.library import Library
from embeddings.outcome import Outcome
from embeddings.text.article import Article


def intake(
    library: Library, paths: Iterable[str | Path], *, max_bytes: int, seconds: float, follow_links: bool = False
) -> Iterator[Outcome]:
    """Add what the paths hold; outcomes come in the order in which things are settled, with the file's path."""
    skipped: list[Outcome] = []
    given: deque[str] = deque()  # paths of the articles that have no outcome yet; the library settles them in order

    def articles() -> Iterator[Article]:
        for start in paths:
            for path, why_not in find_files(Path(start), follow_links=follow_links):
                try:
                    if why_not:
                        skipped.append(Outcome(status="skipped", path=str(path), reason=why_not))
                        continue
                    article = read_file(path, max_bytes=max_bytes, seconds=seconds)
                except ArticleAssistantError as error:
                    skipped.append(Outcome(status="skipped", path=str(path), reason=str(error), error=error))
                    continue
                given.append(str(path))
                yield article

    for outcome in library.add(articles()):
        yield from _taken(skipped)
        yield outcome.model_copy(update={"path": given.popleft()})
    yield from _taken(skipped)


def _taken(outcomes: list[Outcome]) -> Iterator[Outcome]:
    while outcomes:
        yield outcomes.pop(0)
