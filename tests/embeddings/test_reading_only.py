"""A library of another user, in a folder that is read-only."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from embeddings.errors import LibraryBusy
from embeddings.library import Library
from embeddings.storage.database import Database
from tests.embeddings.storage.test_migrations import OLD, restored
from tests.embeddings.test_library import article
from tests.hashed_words import HashedWords

READER = """if True:
    import os, sys
    from embeddings.errors import LibraryError
    from tests.embeddings.test_library import HashedWords, Library, Path, article
    from tests.embeddings.test_reading_only import found
    with Library.open(Path(sys.argv[1] + "-other"), HashedWords()) as other:
        list(other.add([article(0)]))
        found(other)  # everything is imported now: who comes next may not be allowed to read the code
    if os.getuid() == 0:
        os.setuid(65534)  # root may write anywhere
    with Library.open(Path(sys.argv[1]), HashedWords()) as library:
        for line in sys.stdin:
            if line == "search\\n":
                print(found(library), flush=True)
            else:
                try:
                    list(library.add([article(99)]))
                except LibraryError as error:
                    print(error.hint, flush=True)
"""


def found(library: Library) -> str:
    """Return all texts that each of the searches finds."""
    return repr(sorted({hit.text for hit in library.search("kerry talks grain hours", 99)}))


class Reader:
    """A process of another user that has the library open and executes commands."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def told(self, what: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().rstrip("\n")


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    command = [sys.executable, "-c", READER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Reader(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0


def close_to_others(path: Path) -> None:
    for file in [*path.rglob("*"), path]:
        file.chmod(0o555 if file.is_dir() else 0o444)


@pytest.fixture
def public_path() -> Iterator[Path]:
    """A folder that other users can read, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        for path in Path(folder).rglob("*"):
            if path.is_dir():
                path.chmod(0o755)


def test_it_can_be_searched_and_says_why_nothing_can_be_added(public_path: Path, encoder: HashedWords) -> None:
    path = public_path / "library"
    with Library.open(path, encoder) as library:
        list(library.add(article(number) for number in range(10)))
        before = found(library)
    close_to_others(path)

    with reading(path) as reader:
        assert reader.told("search") == before
        assert reader.told("add") == "Check the folder's permissions. Searching works meanwhile."


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can let another user read")
def test_what_another_process_writes_is_found(public_path: Path, encoder: HashedWords) -> None:
    path = public_path / "library"
    with Library.open(path, encoder) as library:
        list(library.add(article(number) for number in range(10)))
    with reading(path) as reader:
        for number in range(20, 26, 2):
            with Library.open(path, encoder) as library:
                assert reader.told("search") == found(library)
                list(library.add([article(number)]))
                assert reader.told("search") == found(library)
                library.remove(article(number // 2 - 5).id)
                list(library.add([article(number + 1)]))
                now = found(library)
                assert reader.told("search") == now
            assert reader.told("search") == now


@pytest.mark.parametrize("version", OLD, ids=lambda path: path.stem)
def test_a_library_of_an_earlier_version_is_read_and_not_changed(public_path: Path, version: Path) -> None:
    path = restored(version, public_path / "library")
    with closing(sqlite3.connect(path / "library.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # as it lies on a disk that nobody writes to
    before = (path / "library.db").read_bytes()
    close_to_others(path)

    with reading(path) as reader:
        assert "They spoke for 3 hours." in reader.told("search")

    assert (path / "library.db").read_bytes() == before
    assert [file.name for file in path.iterdir()] == ["library.db"]


def test_reading_fails_when_another_process_begins_to_write(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Database(path, "encoder").close()

    with Database(path, "encoder", read_only=True) as database:
        with (
            pytest.raises(LibraryBusy, match="nobody to write"),
            database.snapshot(),
            Database(path, "encoder") as writer,
            writer.transaction(),
        ):
            pass
        with database.snapshot() as now:
            assert now.generation == 1
