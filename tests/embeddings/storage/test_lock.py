"""The writer lock is fair. Threads and processes signal to each other, and nothing depends on timing."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from embeddings.errors import LibraryBusy, LibraryError
from embeddings.storage.lock import writer_lock


def wait_until_somebody_waits(library: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            with FileLock(library / "writer.next", timeout=0):
                pass
        except Timeout:
            return
    pytest.fail("nobody waits")


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    told = pytest.raises(LibraryBusy, match="another writer, still at work after 0 s")
    with writer_lock(tmp_path, wait=0), told, writer_lock(tmp_path, wait=0):
        pass
    with writer_lock(tmp_path, wait=0):
        pass


def test_a_path_that_is_not_a_folder_is_an_error_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="permissions"), writer_lock(tmp_path / "file", wait=0):
        pass


def test_a_waiting_thread_goes_before_a_writer_that_returns(tmp_path: Path) -> None:
    order = []

    def wait() -> None:
        with writer_lock(tmp_path, wait=30):
            order.append("waited")

    with ThreadPoolExecutor(1) as threads:
        with writer_lock(tmp_path, wait=0):
            waiting = threads.submit(wait)
            wait_until_somebody_waits(tmp_path)
        for _ in range(3):
            with writer_lock(tmp_path, wait=30):
                order.append("came back")
        waiting.result()
    assert order == ["waited", *["came back"] * 3]


def test_a_waiting_process_goes_before_a_writer_that_returns(tmp_path: Path) -> None:
    program = """if True:
        import sys
        from pathlib import Path
        from embeddings.storage.lock import writer_lock
        with writer_lock(Path(sys.argv[1]), wait=30):
            (Path(sys.argv[1]) / "was here").touch()
    """
    with writer_lock(tmp_path, wait=0):
        other = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)])
        wait_until_somebody_waits(tmp_path)
    with writer_lock(tmp_path, wait=30):
        assert (tmp_path / "was here").exists()
    assert other.wait() == 0


def test_a_waiter_that_times_out_or_dies_releases_its_locks(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from embeddings.storage.lock import writer_lock"
    program += "\nwith writer_lock(Path(sys.argv[1]), wait=30): pass"
    with writer_lock(tmp_path, wait=0):
        other = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)])
        wait_until_somebody_waits(tmp_path)
        with pytest.raises(LibraryBusy), writer_lock(tmp_path, wait=0):
            pass
        other.kill()
        other.wait()
    with writer_lock(tmp_path, wait=0):
        pass
