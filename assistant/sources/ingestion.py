"""Ingestion of files, folders and pages of the web into a library."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import SourceMissing
from assistant.sources import find_files, read_file, read_page
from assistant.sources.kind import RECORD_SUFFIXES
from assistant.sources.records import Record, parse_mapping, read_records
from assistant.web.fetch import Fetcher
from embeddings.errors import ArticleAssistantError
from embeddings.library import Library
from embeddings.outcome import Outcome
from embeddings.text.article import Article

if TYPE_CHECKING:
    from assistant.sources.cluster import Cluster, EncodedRecord
    from embeddings.ingest import ChunkedArticle


def ingest(
    library: Library,
    paths: Collection[str | Path],
    fetcher: Fetcher,
    *,
    seconds: float,
    follow_links: bool = False,
    fields: Mapping[str, str] | None = None,
    cluster: "Cluster | None" = None,
) -> Iterator[Outcome]:
    """Add the articles in files and folders and at addresses, and yield an outcome for each with its path or address.

    What cannot be read has the outcome ``skipped`` and stops nothing. Outcomes are yielded as soon as they are known,
    so skipped files may come before articles that were read earlier. A file of records has an outcome for each, with
    the file and the line as its path; ``fields`` names the fields of records. A ``cluster`` reads and encodes files,
    and pages come after them.

    Raises:
        SourceMissing: one of the paths does not exist.
        InvalidInput: ``fields`` has a field that articles have not.
    """
    parse_mapping(fields or {})
    for path in paths:
        if not is_address(path) and not Path(path).exists():
            raise SourceMissing(
                f"There is nothing at {str(path)!r}.",
                expected="a file, a folder, or an address that begins with http:// or https://",
                got="a path to nothing",
                hint="Check the path for a mistake; nothing was added.",
            )
    skipped: list[Outcome] = []
    pending: deque[str] = deque()  # paths of articles without an outcome; the library keeps their order
    places = _places(paths, skipped, follow_links=follow_links)
    read = partial(_read_file, fields=fields or {}, max_bytes=fetcher.max_bytes, seconds=seconds)
    fetch = partial(_fetch, fetcher=fetcher, seconds=seconds)

    def articles() -> "Iterator[Article | ChunkedArticle]":
        for record in _records(places, read, fetch, cluster):
            if record.article is None:
                error = record.error
                skipped.append(Outcome(status="skipped", path=record.place, reason=str(error), error=error))
            else:
                pending.append(record.place)
                yield record.article

    for outcome in library.add(articles()):
        yield from _drain(skipped)
        yield outcome.model_copy(update={"path": pending.popleft()})
    yield from _drain(skipped)


def is_address(path: str | Path) -> bool:
    """True if a path is the address of a page rather than a file or a folder."""
    return isinstance(path, str) and path.lower().startswith(("http://", "https://"))


def _places(paths: Iterable[str | Path], skipped: list[Outcome], *, follow_links: bool) -> Iterator[Path | str]:
    """Yield the files at paths, and the addresses among them as texts; what is not read has an outcome."""
    for start in paths:
        if is_address(start):
            yield str(start)
            continue
        for path, reason in find_files(Path(start), follow_links=follow_links):
            if reason:
                skipped.append(Outcome(status="skipped", path=str(path), reason=reason))
            else:
                yield path


def _records(
    places: Iterable[Path | str],
    read: Callable[[Path], Iterator[Record]],
    fetch: Callable[[str], Iterator[Record]],
    cluster: "Cluster | None",
) -> "Iterator[Record | EncodedRecord]":
    """Yield what is read at places; by a cluster all files and then, by this process, all pages."""
    if cluster:
        every = list(places)
        yield from cluster.encode([place for place in every if isinstance(place, Path)], read)
        places = [place for place in every if isinstance(place, str)]
    for place in places:
        yield from read(place) if isinstance(place, Path) else fetch(place)


def _read_file(path: Path, fields: Mapping[str, str], *, max_bytes: int, seconds: float) -> Iterator[Record]:
    """Yield the articles of a file, or why it has none."""
    if path.suffix.lower() in RECORD_SUFFIXES:
        yield from read_records(path, fields, max_bytes=max_bytes, seconds=seconds)
        return
    try:
        record = Record(str(path), read_file(path, max_bytes=max_bytes, seconds=seconds))
    except ArticleAssistantError as error:
        record = Record(str(path), None, error)
    yield record


def _fetch(address: str, *, fetcher: Fetcher, seconds: float) -> Iterator[Record]:
    """Yield the article of a page, or why it has none."""
    try:
        record = Record(address, read_page(fetcher.fetch(address), seconds=seconds))
    except ArticleAssistantError as error:
        record = Record(address, None, error)
    yield record


def _drain(outcomes: list[Outcome]) -> Iterator[Outcome]:
    while outcomes:
        yield outcomes.pop(0)
