"""One writer at a time, over all processes and threads, and each in its turn."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from embeddings.errors import LibraryBusy, LibraryError

_LOOK_AGAIN = 0.01  # seconds, after which a waiting writer looks whether it is its turn


@contextmanager
def writer_lock(library: Path, wait: float) -> Iterator[None]:
    """Hold the library's writer lock; wait for it up to ``wait`` seconds. The lock dies with its process.

    Whoever waits stands in a doorway that holds one: a writer that lets go and comes back at once, as an import does
    between its batches, finds it taken, and so cannot go twice before one that waits.

    Raises:
        LibraryBusy: another process, or another thread of this one, is writing.
        LibraryError: nothing can be written in the folder.
    """
    end = time.monotonic() + wait
    lock = _lock(library / "writer.lock")
    try:
        with _lock(library / "writer.next").acquire(timeout=wait):
            lock.acquire(timeout=max(0.0, end - time.monotonic()))
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


@contextmanager
def if_free(library: Path) -> Iterator[bool]:
    """Hold the lock if that is possible at once; whether it is."""
    with ExitStack() as stack:
        try:
            stack.enter_context(writer_lock(library, wait=0))
            held = True
        except LibraryError:
            held = False
        yield held


def _lock(path: Path) -> FileLock:
    # One of its own for every writer, and not one per thread: two writers in one process shut each other out too, and
    # a generator may be advanced by one thread and closed by another.
    return FileLock(path, poll_interval=_LOOK_AGAIN, thread_local=False)
