"""Segments: the files of the BM25 index, each with the passages of a range of keys.

A segment is never changed. To remove a passage, the segment that contains it is built again from the database, so that
nothing of the passage remains in any file, as it would with tantivy's own deletion. Small segments are merged as new
ones are added. One file, tantivy's ``meta.json``, lists the segments, contains the index's stamp and is replaced
atomically.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import tantivy
from pydantic import BaseModel

from embeddings.retrieval.index_files import BM25_MANIFEST, delete, open_index, write_atomically
from embeddings.retrieval.index_stamp import IndexStamp, StaleIndex

# Passages of a segment: a trade-off between how much one removal rebuilds and how many segments a search has to read.
MAX_PASSAGES = 4_096
_MAX_SHARE = 16  # of a large index a segment may have one part in so many instead
WRITER_HEAP = 50_000_000  # bytes of postings that tantivy's writer collects before it writes a segment of its own
_STAMP_FIELD = "payload"  # the field of meta.json that tantivy leaves to applications
_BUILD_FOLDER = "new"


class Segment(BaseModel):
    """The passages whose keys are in a range.

    ``parts`` are tantivy's descriptions of its segments: one, unless the writer's heap was too small. ``files`` are the
    SHA-256 of each file by its name. Both are empty for a segment that has to be built.
    """

    first: int
    last: int
    passages: int
    parts: tuple[dict[str, Any], ...] = ()
    files: dict[str, str] = {}


class Manifest(IndexStamp):
    """The index's stamp and its segments in the order of their keys.

    ``removed`` are the keys of passages that are still in a segment and must not be found.
    """

    segments: tuple[Segment, ...] = ()
    removed: tuple[int, ...] = ()

    @property
    def last(self) -> int:
        """A key that is not below any in the index: the highest that was in it when its last segment was built."""
        return self.segments[-1].last if self.segments else 0


def read_manifest(path: Path, library: str, recipe: str) -> Manifest:
    """Read the manifest of the index in a folder.

    Raises:
        StaleIndex: There is none, it was made for another library or with another recipe, or it was damaged.
    """
    with open_index(path / BM25_MANIFEST) as file:
        meta = json.load(file)
        manifest = Manifest.model_validate_json(meta.pop(_STAMP_FIELD))
    manifest.verify(library, recipe, json.dumps(meta).encode())
    return manifest


def verify_checksums(path: Path, manifest: Manifest) -> None:
    """Raise StaleIndex unless every file of every segment has its checksum."""
    for segment in manifest.segments:
        for name, sha256 in segment.files.items():
            if _checksum(path / name) != sha256:
                raise StaleIndex("did not match its checksums")


def write_manifest(path: Path, manifest: Manifest, schema: tantivy.Schema) -> Manifest:
    """Replace the index in a folder by these segments, delete all other files, and return the sealed manifest."""
    tantivy.Index(schema, path=str(_empty_folder(path / _BUILD_FOLDER)))
    meta = json.loads((path / _BUILD_FOLDER / BM25_MANIFEST).read_bytes())
    meta["segments"] = [part for segment in manifest.segments for part in segment.parts]
    manifest = manifest.sealed(json.dumps(meta).encode())
    write_atomically(path / BM25_MANIFEST, json.dumps({_STAMP_FIELD: manifest.model_dump_json()} | meta).encode())
    for file in unused_files(path, manifest):
        delete(file)  # on Windows a file that a reader has open is deleted the next time
    return manifest


def unused_files(path: Path, manifest: Manifest) -> Iterator[Path]:
    """Yield the files and folders that do not belong to the index: of earlier states and of interrupted writes."""
    names = {BM25_MANIFEST, *(name for segment in manifest.segments for name in segment.files)}
    return (file for file in path.iterdir() if file.name not in names and file.suffix != ".lock")


def plan(segments: Sequence[Segment], removed: Sequence[int], added: Sequence[int]) -> list[Segment]:
    """Return the segments of the next state: those that are kept, and those, without files, that have to be built.

    A segment to be built includes those before it that are no larger, as far as the most passages of a segment allow.
    So there are few segments, and a passage is rarely written again.

    Args:
        segments: The segments of this state.
        removed: The keys to remove, in ascending order.
        added: The keys to add, in ascending order, above all others.
    """
    planned: list[Segment] = []
    total = sum(segment.passages for segment in segments) + len(added)
    most = max(MAX_PASSAGES, total // _MAX_SHARE)

    def plan_build(first: int, last: int, passages: int) -> None:
        while planned and planned[-1].passages <= passages and planned[-1].passages + passages <= most:
            before = planned.pop()
            first, passages = before.first, before.passages + passages
        planned.append(Segment(first=first, last=last, passages=passages))

    for segment in segments:
        removed_here = bisect_right(removed, segment.last) - bisect_left(removed, segment.first)
        if not removed_here:
            planned.append(segment)
        elif removed_here < segment.passages:
            plan_build(segment.first, segment.last, segment.passages - removed_here)
    for start in range(0, len(added), MAX_PASSAGES):
        keys = added[start : start + MAX_PASSAGES]
        plan_build(keys[0], keys[-1], len(keys))
    return planned


def build(
    path: Path, segment: Segment, create_index: Callable[[Path], tantivy.Index], fill: Callable[[Any], int]
) -> Segment:
    """Build a planned segment.

    Args:
        path: The index's folder.
        segment: The planned segment.
        create_index: Creates an empty index in a folder.
        fill: Adds the segment's passages with tantivy's writer and returns their number.
    """
    folder = _empty_folder(path / _BUILD_FOLDER)
    writer = create_index(folder).writer(WRITER_HEAP, num_threads=1)  # one thread keeps the passages in order
    passages = fill(writer)
    writer.commit()
    writer.wait_merging_threads()
    files = {}
    for file in sorted(folder.iterdir()):
        if file.suffix not in {".json", ".lock"}:
            files[file.name] = _checksum(file)
            file.replace(path / file.name)
    parts = json.loads((folder / BM25_MANIFEST).read_bytes())["segments"]
    return segment.model_copy(update={"passages": passages, "parts": tuple(parts), "files": files})


def _empty_folder(folder: Path) -> Path:
    delete(folder)
    if not folder.parent.is_dir():
        delete(folder.parent)
    folder.mkdir(parents=True)
    return folder


def _checksum(path: Path) -> str:
    with open_index(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
