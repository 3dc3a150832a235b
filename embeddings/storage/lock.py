"""The writer lock of a library: one writer at a time among all processes and threads, in fair order."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from embeddings.errors import LibraryBusy, LibraryError

_POLL_INTERVAL = 0.01  # seconds


@contextmanager
def writer_lock(library: Path, wait: float) -> Iterator[None]:
    """Hold the library's writer lock. The operating system releases it when the process ends.

    The next writer holds a second lock while it waits for the first. A writer that releases the lock and wants it again
    at once, as an import does between its batches, has to wait for that second lock, so it cannot overtake.

    Args:
        library: The library's folder.
        wait: How many seconds to wait for the lock.

    Raises:
        LibraryBusy: Another process or thread is still writing.
        LibraryError: The folder is not writable.
    """
    deadline = time.monotonic() + wait
    lock = _file_lock(library / "writer.lock")
    try:
        with _file_lock(library / "writer.next").acquire(timeout=wait):
            lock.acquire(timeout=max(0.0, deadline - time.monotonic()))
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
def try_writer_lock(library: Path) -> Iterator[bool]:
    """Hold the writer lock if it is available without waiting; yield whether it is held."""
    with ExitStack() as stack:
        try:
            stack.enter_context(writer_lock(library, wait=0))
            acquired = True
        except LibraryError:
            acquired = False
        yield acquired


def _file_lock(path: Path) -> FileLock:
    # Each writer has a lock object of its own, so that two writers in one process exclude each other too. It is not
    # thread-local, because a generator may be advanced by one thread and closed by another.
    return FileLock(path, poll_interval=_POLL_INTERVAL, thread_local=False)
