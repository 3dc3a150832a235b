"""What a library needs of its two indexes, whether they are FAISS and tantivy or a collection in Milvus."""

import time
from abc import ABC, abstractmethod

from embeddings.retrieval.index import BM25, Dense

_ERASE_INTERVAL = 20  # times as long as an attempt to erase took, until the next one beside searches


class LibraryIndexes(ABC):
    """Both indexes of a library, kept at the state of its database, which is the truth: they are caches of it.

    ``notices`` are problems that were solved; ``erase_pending`` is True if a file may still contain removed passages.
    """

    def __init__(self) -> None:
        self.notices: list[str] = []
        self.erase_pending = False
        self._next_erase = 0.0  # the time of the next attempt beside searches

    @property
    @abstractmethod
    def dense(self) -> Dense:
        """The dense index."""

    @property
    @abstractmethod
    def bm25(self) -> BM25:
        """The BM25 index."""

    @abstractmethod
    def catch_up(self, *, locked: bool = False) -> None:
        """Bring both indexes to the database's state.

        Args:
            locked: The caller holds the writer lock. Without it, an index that another thread or process is writing
                stays behind.

        Raises:
            LibraryMismatch: Another process has begun to embed the library with another encoder.
            IndexUnavailable: A server that has them does not answer.
        """

    def change_over(self) -> None:  # noqa: B027  a server chooses for itself
        """Keep the vectors as suits their number, if they are no longer; searches and changes go on meanwhile."""

    @abstractmethod
    def save(self, *, final: bool = False, wait: float = 0) -> None:
        """Erase removed passages, and save what is worth saving, unless another writer is at work.

        Args:
            final: Save also what is not quick to save, because there will be no other occasion.
            wait: How many seconds to wait for readers of an earlier state, as in :meth:`erase_removed`.
        """

    @abstractmethod
    def erase_removed(self, wait: float) -> None:
        """Erase removed passages from all files. The caller holds the writer lock, and the indexes are caught up.

        Args:
            wait: How many seconds to wait for readers of an earlier state. If they take longer, ``erase_pending`` stays
                True.
        """

    @abstractmethod
    def free_space(self) -> None:
        """Delete what is in the library's folder. It can be rebuilt; the database, which needs the space, cannot."""

    @abstractmethod
    def check(self) -> list[tuple[str, bool, str]]:
        """Compare the indexes with the database.

        Returns:
            The name of each, whether it is right, and what was found.
        """

    @property
    @abstractmethod
    def is_erased(self) -> bool:
        """True if no file contains anything of removed passages."""

    def ping(self) -> None:  # noqa: B027  nothing to be asked
        """Raise IndexUnavailable unless the server that has the indexes, if any, answers."""

    def close(self, wait: float) -> None:
        """Save a last time."""
        self.save(final=True, wait=wait)

    def retry_erase(self) -> None:
        """Erase what could not be erased while it was being read. Rarely tried, because searches wait for it."""
        if self.erase_pending and (started := time.monotonic()) >= self._next_erase:
            self.save()
            ended = time.monotonic()
            self._next_erase = ended + max(1.0, _ERASE_INTERVAL * (ended - started))

    def _notify(self, notice: str) -> None:
        if notice not in self.notices:
            self.notices.append(notice)
