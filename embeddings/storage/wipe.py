"""Overwrites the unused space of a database's pages. It runs as a program: ``python wipe.py DATABASE SECONDS``.

``secure_delete`` has SQLite overwrite a row where it deletes it. But a page also keeps copies of rows that were moved
from it to another page when the tree was balanced, and once such a row is deleted nobody overwrites the copy. VACUUM
would, and copies the whole database three times; this reads it once.

Only bytes are written that belong to no row: between a tree page's list of cells and its first cell
(https://sqlite.org/fileformat2.html#b_tree_pages). That is done under SQLite's write lock and while its log is empty,
so that the file alone is the truth, and ends in a commit, so that every connection forgets the pages that it remembers.

It is a process of its own because closing a file gives up every lock that its process has on it, SQLite's among them
(https://sqlite.org/howtocorrupt.html, 2.2).
"""

import mmap
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

_HEADERS = {2: 12, 5: 12, 10: 8, 13: 8}  # bytes of a tree page's header, by its first byte
_PAGES = 2 << 24  # from here on other pages, which begin with the number of a page, could begin like a tree page
_FILE_HEADER = 100  # bytes of the first page that come before its own header


def wipe(database: Path, wait: float) -> bool:
    """Overwrite the unused space, and empty the log.

    False where somebody reads an earlier state, or writes, for longer than ``wait`` seconds, or there is no room.
    """
    command = [sys.executable, "-I", "-S", __file__, str(database), str(wait)]
    ended = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  ourselves, on a file of ours
    return ended.returncode == 0


def _wipe(database: Path, wait: float) -> bool:
    with closing(sqlite3.connect(database, isolation_level=None, timeout=wait)) as connection:
        if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            return False
        connection.execute("BEGIN IMMEDIATE")
        log = database.with_name(database.name + "-wal")
        if log.exists() and log.stat().st_size:  # another was faster
            return False
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (moving,) = connection.execute("PRAGMA auto_vacuum").fetchone()
        if pages >= _PAGES or moving:  # such a file has pages of other kinds too
            connection.execute("COMMIT")
            connection.execute("VACUUM")
            return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        with database.open("r+b") as file:
            _overwrite(file.fileno())
        ((version,),) = connection.execute("PRAGMA user_version")
        connection.execute(f"PRAGMA user_version = {version}")  # a page is written, whatever was there before
        connection.execute("COMMIT")
        return True


def _overwrite(file: int) -> None:
    with mmap.mmap(file, 0) as pages:
        size = int.from_bytes(pages[16:18], "big")
        size = 65_536 if size == 1 else size
        for start in range(0, len(pages), size):
            header = start + (0 if start else _FILE_HEADER)
            if length := _HEADERS.get(pages[header]):
                cells = int.from_bytes(pages[header + 3 : header + 5], "big")
                first, last = header + length + 2 * cells, start + int.from_bytes(pages[header + 5 : header + 7], "big")
                if last <= start + size and pages[first:last].count(0) < last - first:
                    pages[first:last] = bytes(last - first)
        pages.flush()
    os.fsync(file)


if __name__ == "__main__":
    sys.exit(not _wipe(Path(sys.argv[1]), float(sys.argv[2])))
