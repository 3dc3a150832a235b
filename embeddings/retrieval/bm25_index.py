"""The BM25 index (tantivy): search for passages by their words. A folder of segments, or in memory."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from embeddings.filters import Filters
from embeddings.retrieval import segments
from embeddings.retrieval.bm25_schema import (
    BOOSTS,
    RECIPE,
    SCHEMA,
    Boosts,
    PassageReader,
    add_passages,
    any_term,
    filter_queries,
    keys_in,
    open_tantivy,
)
from embeddings.retrieval.index_stamp import StaleIndex
from embeddings.retrieval.segments import MAX_PASSAGES, WRITER_HEAP, Manifest, Segment
from embeddings.storage.snapshot import Snapshot
from embeddings.storage.state import EMPTY_STATE, State

_KNOWN_WORDS = 10_000  # whose rarity is kept: that of "the" takes milliseconds among a million passages


class Bm25Index:
    """Passages by the words of their text and of their article's title.

    Only one writer at a time may call :meth:`apply`; any number of threads and processes may search.
    """

    _index: tantivy.Index
    _manifest: Manifest

    def __init__(self, library: str, path: Path | None = None) -> None:
        """Create an empty index.

        Args:
            library: The library's id.
            path: The index's folder; None for an index in memory. An index in this folder is replaced at the first call
                of :meth:`apply`.
        """
        self._library = library
        self._path = path
        self._set(open_tantivy(), Manifest(library=library, recipe=RECIPE, **EMPTY_STATE._asdict()))

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs) - len(self._manifest.removed)

    def keys(self) -> list[int]:
        """Return the keys of the passages in ascending order."""
        everything = [(Occur.Must, Query.all_query()), *self._not_removed()]
        keys, _ = self._run(Query.boolean_query(everything), len(self))
        return list(map(int, keys.tolist()))

    @property
    def in_memory(self) -> bool:
        """True if the index is not on disk."""
        return self._path is None

    @property
    def state(self) -> State:
        """The state of the database that the index represents."""
        return self._manifest.state

    @property
    def last(self) -> int:
        """A key that is not below any in the index, and below all that will be added."""
        return self._manifest.last

    @property
    def retains_removed(self) -> bool:
        """True if the index's files may still contain something of removed passages."""
        return bool(self._manifest.removed) or (
            self._path is not None and any(segments.unused_files(self._path, self._manifest))
        )

    @classmethod
    def load(cls, library: str, path: Path) -> Self:
        """Load the index in a folder after its checksums were verified.

        Raises:
            StaleIndex: There is none, it was made for another library or with another analysis, or it was damaged.
        """
        manifest = segments.read_manifest(path, library, RECIPE)
        bm25_index = cls(library, path)
        while True:
            try:
                segments.verify_checksums(path, manifest)
                bm25_index._open(manifest)
            except (StaleIndex, OSError, ValueError) as error:
                before, manifest = manifest, segments.read_manifest(path, library, RECIPE)
                if manifest == before:  # otherwise another process has replaced the index meanwhile
                    raise error if isinstance(error, StaleIndex) else StaleIndex("could not be read") from None
            else:
                return bm25_index

    def refresh(self, is_ancestor: Callable[[State], bool]) -> None:
        """Open the index that another process has written since.

        Args:
            is_ancestor: Returns True if the database's state resulted from a state. An index of another history is not
                opened.
        """
        if self._path is not None:
            try:
                manifest = segments.read_manifest(self._path, self._library, RECIPE)
                is_newer = manifest != self._manifest and manifest.generation >= self.state.generation
                if (is_newer or not is_ancestor(self.state)) and is_ancestor(manifest.state):
                    self._open(manifest)
            except (StaleIndex, OSError, ValueError):
                return  # this process keeps the index that it has; the next one to open the library rebuilds it

    def apply(
        self,
        removed: Sequence[int],
        added: Sequence[int],
        read: PassageReader,
        state: State,
        *,
        erase: bool = False,
    ) -> None:
        """Bring the index to another state of the database. Applying a change again has no effect.

        Args:
            removed: The keys to remove. The passages are no longer found but stay in the files for the time being.
            added: The keys to add, in ascending order and above all others.
            read: Reads passages: those added, and those in segments that have to be built again.
            state: The state that the index represents afterwards.
            erase: Erase all removed passages from the files.
        """
        added = [key for key in added if key > self.last]
        if self._path is None:
            self._apply_in_memory(removed, added, read, state)
        else:
            removed = sorted({*self._manifest.removed, *(key for key in removed if key <= self.last)})
            erase = erase or len(removed) > MAX_PASSAGES  # excluding more of them would slow down every search
            planned = segments.plan(self._manifest.segments, removed if erase else (), added)
            self._write(self._path, planned, removed, read, state)

    def bounds(self, snapshot: Snapshot, filters: Filters | None) -> list[Query]:
        """Return the queries that a passage has to match. Of other metadata only the database knows."""
        if filters is not None and filters.metadata is not None:
            return [keys_in(snapshot.keys_matching(filters).tolist())]
        return list(filter_queries(filters or Filters()))

    def search(
        self, query: str, k: int, allowed: Sequence[Query] | None = None, boosts: Boosts = BOOSTS
    ) -> NDArray[np.int64]:
        """Return the keys of the ``k`` best passages that share a term with the query, best first.

        Args:
            query: The query, which has no syntax.
            k: The most keys to return.
            allowed: The queries that a passage has to match, too.
            boosts: The weights of the fields.
        """
        bounds = [(Occur.Must, Query.const_score_query(one, 0.0)) for one in allowed or ()]
        clauses = [(Occur.Must, self._any_term(query, boosts)), *bounds, *self._not_removed()]
        keys, _ = self._run(Query.boolean_query(clauses), k)
        return keys

    def rarities(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Return for each word the highest score that it gives a passage by its text; 0 if none has it."""
        return np.array([self._rarity(word) for word in words], np.float64)

    def scores(self, query: str, keys: NDArray[np.int64], boosts: Boosts = BOOSTS) -> NDArray[np.float64]:
        """Return each key's BM25 score; 0 for a passage that shares no term with the query or is not in the index."""
        among = Query.const_score_query(keys_in(keys.tolist()), 0.0)
        scored = Query.boolean_query([(Occur.Must, among), (Occur.Should, self._any_term(query, boosts))])
        found_keys, found_scores = self._run(scored, len(keys))
        scores = dict(zip(found_keys.tolist(), found_scores.tolist(), strict=True))
        return np.array([scores.get(key, 0.0) for key in keys.tolist()], np.float64)

    def _write(
        self, path: Path, planned: Sequence[Segment], removed: Sequence[int], read: PassageReader, state: State
    ) -> None:
        kept = [segment for segment in planned if segment.files]
        complete = [
            segment
            if segment.files
            else segments.build(
                path, segment, open_tantivy, partial(add_passages, read=read, first=segment.first, last=segment.last)
            )
            for segment in planned
        ]
        not_erased = [key for key in removed if any(segment.first <= key <= segment.last for segment in kept)]
        manifest = self._manifest.model_copy(
            update={"segments": tuple(complete), "removed": tuple(not_erased), **state._asdict()}
        )
        self._open(segments.write_manifest(path, manifest, SCHEMA))

    def _apply_in_memory(self, removed: Sequence[int], added: Sequence[int], read: PassageReader, state: State) -> None:
        writer = self._index.writer(WRITER_HEAP, num_threads=1)  # one thread keeps the passages in order
        # Not delete_documents_by_term, which takes the key for a signed integer and matches nothing.
        writer.delete_documents_by_query(keys_in(removed))
        if added:
            add_passages(writer, read, added[0], added[-1])
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        whole = Segment(first=0, last=max([self.last, *added]), passages=len(self))
        self._set(self._index, self._manifest.model_copy(update={"segments": (whole,), **state._asdict()}))

    def _open(self, manifest: Manifest) -> None:
        """Search these segments from now on.

        Raises:
            StaleIndex: They are no longer those of the folder.
        """
        assert self._path is not None  # noqa: S101  only an index on disk is opened
        index = open_tantivy(self._path)
        if segments.read_manifest(self._path, self._library, RECIPE) != manifest:
            raise StaleIndex("was being written")
        self._set(index, manifest)

    def _set(self, index: tantivy.Index, manifest: Manifest) -> None:
        self._index = index  # set first, so that a thread that sees the new state searches the new index
        self._manifest = manifest
        self._rarity = lru_cache(_KNOWN_WORDS)(self._highest_score)

    def _highest_score(self, word: str) -> float:
        _, scores = self._run(self._any_term(word, Boosts(title=0)), 1)
        return float(scores.max(initial=0))

    def _any_term(self, query: str, boosts: Boosts) -> Query:
        languages = self._index.searcher().terms_with_prefix("language", "")
        return any_term(query, boosts, [language for language, _ in languages])

    def _not_removed(self) -> list[tuple[Occur, Query]]:
        removed = self._manifest.removed
        return [(Occur.MustNot, keys_in(removed))] if removed else []

    def _run(self, query: Query, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the keys and scores of the ``k`` best passages, by descending score and ascending key."""
        if k == 0:
            return np.empty(0, np.int64), np.empty(0)
        searcher = self._index.searcher()
        hits = searcher.search(query, k, count=False).hits
        keys = np.array(searcher.fast_field_values("key", [address for _, address in hits]), np.int64)
        scores = np.array([score for score, _ in hits], np.float64)
        order = np.lexsort((keys, -scores))  # tantivy ranks equal scores by segment, and segments are merged
        return keys[order], scores[order]
