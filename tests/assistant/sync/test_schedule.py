"""When a source is due to be synced."""

from itertools import count
from pathlib import Path
from threading import Event, Thread

from assistant.sync.schedule import due


def test_a_folder_is_due_at_once_and_when_a_file_in_it_changes(tmp_path: Path) -> None:
    seen, stop = Event(), Event()

    def write() -> None:
        for number in count():
            if seen.is_set():
                return
            (tmp_path / "pier.txt").write_text(f"The pier was rebuilt {number} times.")

    times = due(str(tmp_path), 600, stop)
    next(times)
    writer = Thread(target=write)
    writer.start()
    next(times)
    seen.set()
    writer.join()
    stop.set()
    assert list(times) == []


def test_what_is_no_folder_is_due_from_time_to_time(tmp_path: Path) -> None:
    stop = Event()
    times = due(str(tmp_path / "addresses.txt"), 0.01, stop)
    assert [next(times) for _ in range(3)] == [None] * 3
    stop.set()
    assert list(times) == []
