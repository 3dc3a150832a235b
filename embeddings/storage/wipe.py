"""Secure erasure: overwrites the unused space in a database's pages. Run as ``python wipe.py DATABASE SECONDS``.

With ``secure_delete`` SQLite overwrites a row where it deletes it. But when it balances a B-tree it moves rows to other
pages and leaves copies behind, and these are not overwritten when the row is deleted later. VACUUM would remove them
but copies the whole database three times; this module reads it once.

It only writes to the unallocated space of a B-tree page, between the array of cell pointers and the first cell
(https://sqlite.org/fileformat2.html#b_tree_pages). It holds SQLite's write lock while the write-ahead log is empty, so
that the file is complete, and ends with a commit, so that every connection discards the pages in its cache.

It runs in a process of its own because closing a file releases every lock that the process has on that file, including
SQLite's (https://sqlite.org/howtocorrupt.html, section 2.2).
"""

import mmap
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

_HEADER_BYTES = {2: 12, 5: 12, 10: 8, 13: 8}  # of a B-tree page, by its first byte
_MAX_PAGES = 2 << 24  # with more, pages of other kinds, which begin with a page number, could look like a B-tree page
_FILE_HEADER_BYTES = 100  # on the first page, before the page's own header


def wipe(database: Path, wait: float) -> bool:
    """Overwrite the unused space and empty the write-ahead log.

    Args:
        database: The database's file.
        wait: How many seconds to wait for writers, and for readers of an earlier state.

    Returns:
        False if they took longer, or the disk is full.
    """
    command = [sys.executable, "-I", "-S", __file__, str(database), str(wait)]
    completed = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  this file, with our own path
    return completed.returncode == 0


def _wipe(database: Path, wait: float) -> bool:
    with closing(sqlite3.connect(database, isolation_level=None, timeout=wait)) as connection:
        if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            return False
        connection.execute("BEGIN IMMEDIATE")
        log = database.with_name(database.name + "-wal")
        if log.exists() and log.stat().st_size:  # another process wrote after the checkpoint
            return False
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (auto_vacuum,) = connection.execute("PRAGMA auto_vacuum").fetchone()
        if pages >= _MAX_PAGES or auto_vacuum:  # pages of other kinds could be mistaken for B-tree pages
            connection.execute("COMMIT")
            connection.execute("VACUUM")
            return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        with database.open("r+b") as file:
            _overwrite(file.fileno())
        ((version,),) = connection.execute("PRAGMA user_version")
        connection.execute(f"PRAGMA user_version = {version}")  # writes a page, so that the commit is not empty
        connection.execute("COMMIT")
        return True


def _overwrite(file: int) -> None:
    """Fill the unallocated space of every B-tree page with zeros."""
    with mmap.mmap(file, 0) as pages:
        size = int.from_bytes(pages[16:18], "big")
        size = 65_536 if size == 1 else size  # as the file format encodes it in two bytes
        for page in range(0, len(pages), size):
            header = page + (0 if page else _FILE_HEADER_BYTES)
            if length := _HEADER_BYTES.get(pages[header]):
                cells = int.from_bytes(pages[header + 3 : header + 5], "big")
                start = header + length + 2 * cells
                end = page + int.from_bytes(pages[header + 5 : header + 7], "big")
                if end <= page + size and pages[start:end].count(0) < end - start:
                    pages[start:end] = bytes(end - start)
        pages.flush()
    os.fsync(file)


if __name__ == "__main__":
    sys.exit(not _wipe(Path(sys.argv[1]), float(sys.argv[2])))
