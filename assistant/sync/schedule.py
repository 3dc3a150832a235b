"""When syncs are due: at once, when a folder changes, and from time to time."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event

from watchfiles import watch


def due(source: str, seconds: float, stop: Event) -> Iterator[None]:
    """Yield whenever a source is to be synced, first at once, until ``stop`` is set.

    A folder is watched; what its file system does not tell, as one of another machine, is found after so many seconds
    at the latest. All else is due after these seconds.
    """
    while not stop.is_set():
        yield
        folder = Path(source)
        if folder.is_dir():
            with suppress(FileNotFoundError):
                for _ in watch(
                    folder,
                    watch_filter=None,
                    stop_event=stop,
                    rust_timeout=int(1000 * seconds),
                    yield_on_timeout=True,
                ):
                    if stop.is_set() or not folder.is_dir():
                        break
                    yield
        else:
            stop.wait(seconds)
