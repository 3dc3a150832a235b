"""The BM25 index (tantivy): finds passages by their words. A cache of the database.

It is a folder, with a file beside it that says what it was made from and what every byte of it was.
"""

import hashlib
import re
import shutil
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import tantivy
from numpy.typing import NDArray
from pydantic import ValidationError
from tantivy import FieldType, Filter, Occur, Query, Tokenizer

from embeddings.article import Article
from embeddings.cache import EMPTY, Stale, Stamp, State, write_atomically
from embeddings.filters import Filters
from embeddings.passage import Passage

ANALYSER = "1: NFKC, no invisible characters, words of up to 100 bytes, lower case, ASCII, English stems"
_ANALYSER = (
    tantivy.TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.remove_long(100))
    .filter(Filter.lowercase())
    .filter(Filter.ascii_fold())
    .filter(Filter.stemmer("english"))
    .build()
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens and zero widths would cut words in two
_SCHEMA = (
    tantivy.SchemaBuilder()
    .add_unsigned_field("key", indexed=True, fast=True)
    .add_text_field("body", tokenizer_name="analyser", index_option="freq")
    .add_text_field("title", tokenizer_name="analyser", index_option="freq")
    .add_text_field("article_id", tokenizer_name="raw", index_option="basic")
    .add_text_field("source", tokenizer_name="raw", index_option="basic")
    .add_integer_field("published", indexed=True, fast=True)
    .build()
)
_HEAP = 50_000_000  # bytes of postings that the writer holds before it makes a segment


class Boosts(NamedTuple):
    """What a match in a field counts."""

    body: float = 1.0
    title: float = 0.5


BOOSTS = Boosts()


class _Sidecar(Stamp):
    """Written when the folder is complete; a folder whose files differ from it is not used."""

    folder: str
    files: dict[str, str]


class Words:
    """Passages by their words, and by the title of their article.

    With ``path`` it lives on disk in ``path``/: ``current.json`` and the folder which that names. Without, in memory.
    Only one writer at a time may call :meth:`apply`; any number of threads and processes search.
    """

    _index: tantivy.Index
    _sidecar: _Sidecar

    def __init__(self, library: str, path: Path | None = None) -> None:
        """An empty index. On disk it takes the place of the one that is there when it is first applied to."""
        self._library = library
        self._path = path
        self._use(_Sidecar(library=library, recipe=ANALYSER, **EMPTY._asdict(), folder=uuid.uuid4().hex, files={}))

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    @property
    def in_memory(self) -> bool:
        """Whether nobody else sees it."""
        return self._path is None

    @classmethod
    def load(cls, library: str, path: Path) -> Self:
        """The index on disk, after every byte of it was checked.

        Raises:
            Stale: there is none, or it is another's, or it is not what was written, or is being written right now.
        """
        sidecar = _read(path, library)
        words = cls.__new__(cls)
        words._library, words._path = library, path
        try:
            if _checksums(path / sidecar.folder, {}) != sidecar.files:
                raise Stale("did not match its checksums")
            words._use(sidecar)
        except (OSError, ValueError):
            raise Stale("could not be read") from None
        return words

    def refresh(self, believed: Callable[[State], bool]) -> None:
        """See what another process has written since, if the database that it was made from is the one of today."""
        if self._path is not None:
            try:
                sidecar = _read(self._path, self._library)
                ahead = sidecar.generation > self.state.generation or not believed(self.state)
                if ahead and believed(sidecar.state):
                    self._use(sidecar)
            except (Stale, OSError, ValueError):
                return  # this process keeps what it has; the next one to open the library makes the index anew

    def apply(self, removed: Sequence[int], added: Iterable[tuple[Article, Sequence[Passage]]], state: State) -> None:
        """Take keys out, put passages in, in the order of their keys, and hold this state of the database.

        Doing it twice is doing it once: a key that is put in is higher than every key of an earlier generation, so that
        whatever is here from the first of them on is left from an attempt that did not come to its end.
        """
        writer = self._index.writer(_HEAP, num_threads=1)  # one thread keeps passages in the order of their keys
        # Not delete_documents_by_term: it looks for a signed integer and finds no unsigned one.
        writer.delete_documents_by_query(Query.term_set_query(_SCHEMA, "key", removed))
        first = None
        for article, passages in added:
            for passage in passages:
                if first is None:
                    first = passage.key
                    writer.delete_documents_by_query(
                        Query.range_query(_SCHEMA, "key", FieldType.Unsigned, lower_bound=first)
                    )
                writer.add_document(_document(article, passage))
        writer.commit()
        writer.wait_merging_threads()  # after this nothing changes the folder, so that its checksums hold
        self._index.reload()
        self._sidecar = self._sidecar.model_copy(update=state._asdict())
        if self._path is not None:
            self._sidecar.files = _checksums(self._path / self._sidecar.folder, self._sidecar.files)
            self._sidecar = self._sidecar.sealed()
            write_atomically(self._path / "current.json", self._sidecar.model_dump_json(indent=1).encode())
            for other in self._path.iterdir():
                if other.is_dir() and other.name != self._sidecar.folder:
                    shutil.rmtree(other, ignore_errors=True)  # what a reader has open on Windows goes next time

    @property
    def state(self) -> State:
        """The state of the database that it holds."""
        return self._sidecar.state

    def search(self, query: str, k: int, filters: Filters | None = None, boosts: Boosts = BOOSTS) -> NDArray[np.int64]:
        """Keys of the ``k`` best passages that share a word with the query and pass the filters, best first."""
        bounds = [(Occur.Must, Query.const_score_query(bound, 0.0)) for bound in _bounds(filters or Filters())]
        keys, _ = self._run(Query.boolean_query([(Occur.Must, _any_term(query, boosts)), *bounds]), k)
        return keys

    def scores(self, query: str, keys: NDArray[np.int64], boosts: Boosts = BOOSTS) -> NDArray[np.float64]:
        """The BM25 score of each key's passage; 0 for one that shares no word with the query, or is not here."""
        among = Query.const_score_query(Query.term_set_query(_SCHEMA, "key", keys.tolist()), 0.0)
        scored = Query.boolean_query([(Occur.Must, among), (Occur.Should, _any_term(query, boosts))])
        found = self._run(scored, len(keys))
        scores = dict(zip(*(values.tolist() for values in found), strict=True))
        return np.array([scores.get(key, 0.0) for key in keys.tolist()], np.float64)

    def document_frequencies(self, query: str) -> dict[str, int]:
        """In how many passages each term of the query occurs, in the query's order."""
        searcher = self._index.searcher()
        return {term: searcher.doc_freq("body", term) for term in terms(query)}

    def _run(self, query: Query, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        if k == 0:
            return np.empty(0, np.int64), np.empty(0)
        searcher = self._index.searcher()
        hits = searcher.search(query, k, count=False).hits
        keys = np.array(searcher.fast_field_values("key", [address for _, address in hits]), np.int64)
        scores = np.array([score for score, _ in hits], np.float64)
        order = np.lexsort((keys, -scores))  # tantivy breaks ties by segment, which merges change
        return keys[order], scores[order]

    def _use(self, sidecar: _Sidecar) -> None:
        folder = None
        if self._path is not None:
            (folder := self._path / sidecar.folder).mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_SCHEMA, path=None if folder is None else str(folder))
        index.register_tokenizer("analyser", _ANALYSER)
        index.config_reader("manual")  # it is told when to look; no thread watches the folder
        index.reload()
        self._index, self._sidecar = index, sidecar


def terms(query: str) -> list[str]:
    """The words of a query as the index has them, each once. Nothing in a query is syntax."""
    return list(dict.fromkeys(stems(query)))


def stems(text: str) -> list[str]:
    """Every word of a text in its order, as the index has it."""
    words: list[str] = _ANALYSER.analyze(_plain(text))
    return words


def _plain(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def _any_term(query: str, boosts: Boosts) -> Query:
    return Query.boolean_query(
        [
            (Occur.Should, Query.boost_query(Query.term_query(_SCHEMA, field, term, "freq"), boost))
            for term in terms(query)
            for field, boost in boosts._asdict().items()
            if boost
        ]
    )


def _bounds(filters: Filters) -> Iterable[Query]:
    if filters.article_ids is not None:
        yield Query.term_set_query(_SCHEMA, "article_id", filters.article_ids)
    if filters.sources is not None:
        yield Query.term_set_query(_SCHEMA, "source", filters.sources)
    if filters.published_after is not None or filters.published_before is not None:
        first = (filters.published_after or date.min).toordinal()
        last = (filters.published_before or date.max).toordinal()
        yield Query.range_query(_SCHEMA, "published", FieldType.Integer, first, last)


def _document(article: Article, passage: Passage) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("key", passage.key)
    document.add_text("body", _plain(passage.span.cut(article.text)))
    document.add_text("title", _plain(article.title))
    document.add_text("article_id", article.id)
    if article.source is not None:
        document.add_text("source", article.source)
    if article.published is not None:
        document.add_integer("published", article.published.toordinal())
    return document


def _read(path: Path, library: str) -> _Sidecar:
    try:
        sidecar = _Sidecar.model_validate_json((path / "current.json").read_bytes())
    except FileNotFoundError:
        raise Stale("was missing") from None
    except (OSError, ValidationError):
        raise Stale("could not be read") from None
    sidecar.refuse(library, ANALYSER)
    if not (path / sidecar.folder / "meta.json").is_file():
        raise Stale("was incomplete")
    return sidecar


def _checksums(folder: Path, known: dict[str, str]) -> dict[str, str]:
    """The sha256 of every file but locks. A segment's file never changes, so what is known need not be read again."""
    checksums = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".lock":
            continue
        if path.suffix == ".json" or path.name not in known:
            with path.open("rb") as file:
                checksums[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        else:
            checksums[path.name] = known[path.name]
    return checksums
