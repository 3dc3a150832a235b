"""One writer at a time, over all processes and threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from embeddings.errors import LibraryBusy, LibraryError


@contextmanager
def writing(library: Path, wait: float) -> Iterator[None]:
    """Hold the library's writer lock; wait for it up to ``wait`` seconds. The lock dies with its process.

    Raises:
        LibraryBusy: another process, or another thread of this one, is writing.
        LibraryError: nothing can be written in the folder.
    """
    # A lock of its own for every writer, and not one per thread: two writers in one process shut each other out too,
    # and a generator may be advanced by one thread and closed by another.
    lock = FileLock(library / "writer.lock", timeout=wait, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise LibraryBusy(
            "The library is being written to.",
            expected="to be its only writer",
            got=f"another writer, still at work after {wait:g} s, in {library}",
            hint="Try again when it is done. Searching works meanwhile.",
        ) from None
    except OSError as error:
        raise LibraryError(
            "The library cannot be written to.",
            expected=f"to make files in {library}",
            got=str(error),
            hint="Check the folder's permissions. Searching works meanwhile.",
        ) from error
    try:
        yield
    finally:
        lock.release()
