"""A library's collection in Milvus: passages by key with their vectors and terms, and a stamp that says of what state.

The library's name for its collection is an alias. A collection that is built again is another one, to which the alias
is switched when it is complete, so that no search meets half of one.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import IndexUnavailable
from embeddings.retrieval.index_stamp import IndexStamp, StaleIndex
from embeddings.retrieval.milvus_schema import MAX_RESULTS, RECIPE, layout, row
from embeddings.retrieval.milvus_server import MilvusAddress, MilvusServer
from embeddings.storage.state import EMPTY_STATE, State
from embeddings.text.passage import IndexedPassage
from embeddings.text.terms import ENGLISH, stemmed_in

_STAMP = "articles.stamp"  # the property of the collection
_BATCH = 500  # rows that are sent at once: a megabyte or two

Rows = Iterable[tuple[IndexedPassage, NDArray[np.float32]]]


class MilvusStamp(IndexStamp):
    """The stamp of a collection. What was removed up to the generation ``erased`` has been erased from all files.

    A server has then been asked to; see :meth:`MilvusCollection.compact`. The ``languages``, besides English, are those
    in whose stems passages are or were stored.
    """

    erased: int = 0
    languages: tuple[str, ...] = ()


class MilvusCollection:
    """The collection of a library. One process at a time writes it.

    ``state`` is the state of the database that it represents, as far as this process knows; None if it does not know,
    as after a failure, until it is loaded again. It is then not searched.
    """

    def __init__(self, address: MilvusAddress, library: str, encoder: str, dimension: int) -> None:
        """Connect to the server. What the collection holds is not known before it is loaded or built.

        Args:
            address: The server.
            library: The library's id.
            encoder: The encoder's fingerprint, as JSON.
            dimension: The number of components of a vector.

        Raises:
            ExtraMissing, IndexUnavailable: As :class:`MilvusServer` does.
        """
        self.state: State | None = None
        self.erased = 0
        self.languages: tuple[str, ...] = ()
        self.dimension = dimension
        self._stamp = MilvusStamp(library=library, recipe=f"{encoder}; {RECIPE}", **EMPTY_STATE._asdict())
        self._alias = "articles_" + library.replace("-", "_")
        self._name = self._alias  # the collection's own, by which it is written
        self._server = MilvusServer(address)
        self.is_lite = address.lite is not None
        self.close = self._server.close

    def __len__(self) -> int:
        (counted,) = self.read("query", filter="", output_fields=["count(*)"])
        return int(counted["count(*)"])

    def keys(self) -> list[int]:
        """Return the keys of the passages in ascending order."""
        return sorted(self._keys())

    def ping(self) -> None:
        """Raise IndexUnavailable unless the server answers."""
        self._call("has_collection", self._alias)

    def load(self) -> None:
        """Read the stamp.

        Raises:
            StaleIndex: There is no collection, or it was made for another library, or with another encoder or analysis.
        """
        try:
            stamp = self._read_stamp()
        except StaleIndex:
            self.state = None
            raise
        self.state, self.erased, self.languages = stamp.state, stamp.erased, stamp.languages

    def build(self, rows: Rows, state: State) -> None:
        """Replace the collection, if there is one, by a collection of these passages."""
        name = f"{self._alias}_{secrets.token_hex(4)}"
        schema, indexes = layout(self.dimension)
        self._call("create_collection", name, schema=schema, consistency_level="Strong")
        self._call("create_index", name, indexes, sync=False)  # of nothing yet
        self._call("load_collection", name)
        self._write(name, rows, state)
        exists = self._call("has_collection", self._alias)
        self._call("alter_alias" if exists else "create_alias", name, self._alias)
        self._name, self.state = name, state
        for other in self._call("list_collections"):
            if other.startswith(f"{self._alias}_") and other != name:
                self._call("drop_collection", other)

    def apply(self, removed: Sequence[int], added: Rows, state: State) -> int:
        """Bring the collection to another state of the database. Applying a change again has no effect.

        Args:
            removed: The keys to remove, which may be absent.
            added: The passages to add.
            state: The state that the collection represents afterwards.

        Returns:
            The number of passages that were added.
        """
        for keys in chunks(removed, _BATCH):
            self._call("delete", self._name, ids=keys)
        count = self._write(self._name, added, state)
        self.state = state
        return count

    def compact(self) -> None:
        """Ask the server to write its files again without what was removed, which it does in its own time."""
        self._call("flush", self._name)
        self._call("compact", self._name)

    def mark_erased(self, generation: int) -> None:
        """Write into the stamp that nothing is left of what was removed up to a generation."""
        self.erased = generation
        self._write(self._name, (), self.state or EMPTY_STATE)

    def read(self, method: str, **options: Any) -> Any:
        """Call a method of the client that reads the collection.

        Raises:
            IndexUnavailable: It failed, or the collection is not there for the time being.
        """
        if self.state is None:
            raise IndexUnavailable("the library's collection", "none that is complete", "Try again in a while.")
        return self._call(method, self._alias, **options)

    def _read_stamp(self) -> MilvusStamp:
        if not self._call("has_collection", self._alias):
            raise StaleIndex("was missing")
        self._name = self._call("describe_alias", self._alias)["collection_name"]
        self._call("load_collection", self._name)  # of a server that was started again
        try:
            properties = self._call("describe_collection", self._name)["properties"]
            stamp = MilvusStamp.model_validate_json(properties[_STAMP])
        except (LookupError, ValueError):
            raise StaleIndex("had no stamp") from None
        stamp.verify(self._stamp.library, self._stamp.recipe)
        return stamp

    def _keys(self) -> Iterator[int]:
        rows = self.read("query_iterator", batch_size=MAX_RESULTS // 2, output_fields=["key"])
        while batch := rows.next():
            yield from (one["key"] for one in batch)
        rows.close()

    def _write(self, name: str, rows: Rows, state: State) -> int:
        """Write rows, and the stamp after them, and return the number of rows."""
        count = 0
        for batch in chunks(rows, _BATCH):
            self._call("upsert", name, [row(passage, vector) for passage, vector in batch])
            stored = {stemmed_in(passage.language) for passage, _ in batch}
            self.languages = tuple(sorted(stored.union(self.languages) - {ENGLISH}))
            count += len(batch)
        changed = {**state._asdict(), "erased": self.erased, "languages": self.languages}
        stamp = self._stamp.model_copy(update=changed).sealed()
        if self.is_lite:
            self._call("flush", name)  # what is not in a file it ranks by other statistics when there are filters
        self._call("alter_collection_properties", name, {_STAMP: stamp.model_dump_json()})
        return count

    def _call(self, method: str, /, *arguments: Any, **options: Any) -> Any:
        try:
            return self._server.call(method, *arguments, **options)
        except IndexUnavailable:
            self.state = None
            raise


def chunks(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield lists of up to ``size`` values."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk
