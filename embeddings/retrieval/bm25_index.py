"""The BM25 index (tantivy): finds passages by their words. A cache of the database.

It is a folder of segments that says of itself what it was made from and what every byte of it was.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import FieldType, Occur, Query

from embeddings.filters import Filters
from embeddings.retrieval import segments
from embeddings.retrieval.index_stamp import StaleIndex
from embeddings.retrieval.segments import HEAP, MOST, Manifest, Segment
from embeddings.storage.state import EMPTY, State
from embeddings.text.passage import Indexed
from embeddings.text.terms import ANALYSER, ANALYSIS, normalised, terms

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


class Boosts(NamedTuple):
    """What a match in a field counts."""

    body: float = 1.0
    title: float = 0.5


BOOSTS = Boosts()


Read = Callable[[int, int], Iterable[Indexed]]
"""Reads the passages that have keys from the first to the last, in the order of the keys."""


class Bm25Index:
    """Passages by their words, and by the title of their article.

    With ``path`` it lives on disk in that folder. Without, in memory.
    Only one writer at a time may call :meth:`apply`; any number of threads and processes search.
    """

    _index: tantivy.Index
    _manifest: Manifest

    def __init__(self, library: str, path: Path | None = None) -> None:
        """An empty index. On disk it takes the place of the one that is there when it is first applied to."""
        self._library = library
        self._path = path
        self._keep(_index(), Manifest(library=library, recipe=ANALYSIS, **EMPTY._asdict()))

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs) - len(self._manifest.removed)

    def keys(self) -> list[int]:
        """The keys that it holds."""
        keys, _ = self._run(Query.boolean_query([(Occur.Must, Query.all_query()), *self._unless_removed()]), len(self))
        return list(map(int, keys.tolist()))

    @property
    def in_memory(self) -> bool:
        """Whether nobody else sees it."""
        return self._path is None

    @property
    def state(self) -> State:
        """The state of the database that it holds."""
        return self._manifest.state

    @property
    def last(self) -> int:
        """A key that is not below any that it holds, and below all that come."""
        return self._manifest.last

    @classmethod
    def load(cls, library: str, path: Path) -> Self:
        """The index on disk, after every byte of it was checked.

        Raises:
            Stale: there is none, or it is another's, or it is not what was written.
        """
        manifest = segments.read(path, library, ANALYSIS)
        words = cls(library, path)
        while True:
            try:
                segments.verify(path, manifest)
                words._open(manifest)
            except (StaleIndex, OSError, ValueError) as fault:
                before, manifest = manifest, segments.read(path, library, ANALYSIS)
                if manifest == before:  # else another process made the next one meanwhile
                    raise fault if isinstance(fault, StaleIndex) else StaleIndex("could not be read") from None
            else:
                return words

    def refresh(self, believed: Callable[[State], bool]) -> None:
        """See what another process has written since, if the database that it was made from is the one of today."""
        if self._path is not None:
            try:
                manifest = segments.read(self._path, self._library, ANALYSIS)
                newer = manifest != self._manifest and manifest.generation >= self.state.generation
                if (newer or not believed(self.state)) and believed(manifest.state):
                    self._open(manifest)
            except (StaleIndex, OSError, ValueError):
                return  # this process keeps what it has; the next one to open the library makes the index anew

    @property
    def remembers(self) -> bool:
        """Whether something that was taken out is in its files still."""
        return bool(self._manifest.removed) or (
            self._path is not None and any(segments.leftovers(self._path, self._manifest))
        )

    def apply(
        self, removed: Sequence[int], added: Sequence[int], read: Read, state: State, *, forget: bool = False
    ) -> None:
        """Take keys out, put keys in, which are higher than all before, and hold this state of the database.

        What is taken out is not found from now on, and stays in the files until they are to ``forget`` it. ``read`` is
        also asked for passages that stay. Doing it twice is doing it once.
        """
        added = [key for key in added if key > self.last]
        if self._path is None:
            self._apply_in_memory(removed, added, read, state)
        else:
            removed = sorted({*self._manifest.removed, *(key for key in removed if key <= self.last)})
            forget = forget or len(removed) > MOST  # to leave out more in each search takes longer
            planned = segments.plan(self._manifest.segments, removed if forget else (), added)
            self._write(self._path, planned, removed, read, state)

    def _write(self, path: Path, planned: Sequence[Segment], removed: Sequence[int], read: Read, state: State) -> None:
        stay = [segment for segment in planned if segment.files]
        made = [
            segment
            if segment.files
            else segments.make(path, segment, _index, partial(_fill, read=read, first=segment.first, last=segment.last))
            for segment in planned
        ]
        still = [key for key in removed if any(segment.first <= key <= segment.last for segment in stay)]
        manifest = self._manifest.model_copy(
            update={"segments": tuple(made), "removed": tuple(still), **state._asdict()}
        )
        self._open(segments.write(path, manifest, _SCHEMA))

    def _apply_in_memory(self, removed: Sequence[int], added: Sequence[int], read: Read, state: State) -> None:
        writer = self._index.writer(HEAP, num_threads=1)  # one thread keeps passages in the order of their keys
        # Not delete_documents_by_term: it looks for a signed integer and finds no unsigned one.
        writer.delete_documents_by_query(Query.term_set_query(_SCHEMA, "key", list(removed)))
        if added:
            _fill(writer, read, added[0], added[-1])
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        whole = Segment(first=0, last=max([self.last, *added]), passages=len(self))
        self._keep(self._index, self._manifest.model_copy(update={"segments": (whole,), **state._asdict()}))

    def _open(self, manifest: Manifest) -> None:
        """Search these segments from now on; Stale if they are not those of the folder any more."""
        assert self._path is not None  # noqa: S101  who opens has a path
        index = _index(self._path)
        if segments.read(self._path, self._library, ANALYSIS) != manifest:
            raise StaleIndex("was being written")
        self._keep(index, manifest)

    def _keep(self, index: tantivy.Index, manifest: Manifest) -> None:
        self._index = index  # first: whoever sees the new state searches in the new index
        self._manifest = manifest

    def search(self, query: str, k: int, filters: Filters | None = None, boosts: Boosts = BOOSTS) -> NDArray[np.int64]:
        """Keys of the ``k`` best passages that share a word with the query and pass the filters, best first."""
        bounds = [(Occur.Must, Query.const_score_query(bound, 0.0)) for bound in _bounds(filters or Filters())]
        wanted = [(Occur.Must, _any_term(query, boosts)), *bounds, *self._unless_removed()]
        keys, _ = self._run(Query.boolean_query(wanted), k)
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

    def _unless_removed(self) -> list[tuple[Occur, Query]]:
        removed = self._manifest.removed
        return [(Occur.MustNot, Query.term_set_query(_SCHEMA, "key", list(removed)))] if removed else []

    def _run(self, query: Query, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        if k == 0:
            return np.empty(0, np.int64), np.empty(0)
        searcher = self._index.searcher()
        hits = searcher.search(query, k, count=False).hits
        keys = np.array(searcher.fast_field_values("key", [address for _, address in hits]), np.int64)
        scores = np.array([score for score, _ in hits], np.float64)
        order = np.lexsort((keys, -scores))  # tantivy breaks ties by segment, which merges change
        return keys[order], scores[order]


def _index(path: Path | None = None) -> tantivy.Index:
    """The index of a folder, made there if there is none; without a folder, one in memory."""
    index = tantivy.Index(_SCHEMA, path=None if path is None else str(path))
    index.register_tokenizer("analyser", ANALYSER)
    index.config_reader("manual")  # it is told when to look; no thread watches the folder
    index.reload()
    return index


def _fill(writer: Any, read: Read, first: int, last: int) -> int:
    """Put passages in; how many they were."""
    passages = 0
    for passage in read(first, last):
        writer.add_document(_document(passage))
        passages += 1
    return passages


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


def _document(passage: Indexed) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("key", passage.key)
    document.add_text("body", normalised(passage.text))
    document.add_text("title", normalised(passage.title))
    document.add_text("article_id", passage.article_id)
    if passage.source is not None:
        document.add_text("source", passage.source)
    if passage.published is not None:
        document.add_integer("published", passage.published.toordinal())
    return document
