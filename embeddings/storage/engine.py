"""The database of a library, whichever engine keeps it."""

from contextlib import AbstractContextManager
from typing import Protocol

from embeddings.storage.snapshot import Snapshot
from embeddings.storage.transaction import Transaction


class Engine(AbstractContextManager["Engine"], Protocol):
    """What :class:`Database` (SQLite) and :class:`PostgresDatabase` promise alike."""

    what_remains: str  # of removed text when all files are erased, for people

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Read one state."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Make the next state, or leave everything as it was if an exception is raised."""

    def writing(self, wait: float) -> AbstractContextManager[None]:
        """Be the only writer among the processes whose folders are not the same."""

    def wipe(self, wait: float) -> bool:
        """Erase what remains of deleted rows; False if it has to be tried again."""

    def close(self) -> None:
        """Close the connections. Snapshots must have ended."""
