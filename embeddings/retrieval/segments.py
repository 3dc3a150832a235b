"""The files of the BM25 index: segments, each with the passages of a range of keys. A segment is never changed.

Where something is removed a new segment is made, from the database, in the place of the one that held it. So nothing
of it stays behind, as it would in tantivy's own way to delete. Small segments are joined to larger ones as they come.
One file, tantivy's ``meta.json``, says which segments there are. It holds our stamp too, and is replaced at once.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import tantivy
from pydantic import BaseModel

from embeddings.retrieval.index_stamp import IndexStamp, StaleIndex, delete, opened, write_atomically

MOST = 4_096  # passages of a segment: what one removal writes anew, against how many segments a search looks into
_META = "meta.json"
_OURS = "payload"  # the field of meta.json that tantivy leaves to others
_NEW = "new"  # the folder in which segments are made
HEAP = 50_000_000  # bytes of postings that tantivy's writer holds before it cuts a segment


class Segment(BaseModel):
    """The passages whose keys are in a range. Without files it is yet to be made."""

    first: int
    last: int
    passages: int
    parts: tuple[dict[str, Any], ...] = ()  # as tantivy describes them; one, unless its writer had to cut
    files: dict[str, str] = {}  # the sha256 of each by its name


class Manifest(IndexStamp):
    """What the index was made from, and its segments in the order of their keys.

    ``removed`` are keys that are in them still and are not to be found, until their segments are made anew.
    """

    segments: tuple[Segment, ...] = ()
    removed: tuple[int, ...] = ()

    @property
    def last(self) -> int:
        """The highest key that it holds, or a higher one that is gone."""
        return self.segments[-1].last if self.segments else 0


def read(path: Path, library: str, recipe: str) -> Manifest:
    """What an index on disk says of itself.

    Raises:
        Stale: there is none, or it is another's, or its description is not what was written.
    """
    with opened(path / _META) as file:
        meta = json.load(file)
        manifest = Manifest.model_validate_json(meta.pop(_OURS))
    manifest.refuse(library, recipe, json.dumps(meta).encode())
    return manifest


def verify(path: Path, manifest: Manifest) -> None:
    """Raise Stale unless every byte of every segment is what was written."""
    for segment in manifest.segments:
        for name, sha256 in segment.files.items():
            if _checksum(path / name) != sha256:
                raise StaleIndex("did not match its checksums")


def write(path: Path, manifest: Manifest, schema: tantivy.Schema) -> Manifest:
    """Have these segments be the index, and delete whatever else is in the folder; the manifest, sealed."""
    tantivy.Index(schema, path=str(_empty(path / _NEW)))
    meta = json.loads((path / _NEW / _META).read_bytes())
    meta["segments"] = [part for segment in manifest.segments for part in segment.parts]
    manifest = manifest.sealed(json.dumps(meta).encode())
    write_atomically(path / _META, json.dumps({_OURS: manifest.model_dump_json()} | meta).encode())
    for file in leftovers(path, manifest):
        delete(file)  # what a reader has open on Windows goes next time
    return manifest


def leftovers(path: Path, manifest: Manifest) -> Iterator[Path]:
    """Files and folders that are none of the index's: of an earlier state, or of an attempt that came to no end."""
    names = {_META, *(name for segment in manifest.segments for name in segment.files)}
    return (file for file in path.iterdir() if file.name not in names and file.suffix != ".lock")


def plan(segments: Sequence[Segment], removed: Sequence[int], added: Sequence[int]) -> list[Segment]:
    """The segments that are left, and those to be made, once some keys are taken out and higher ones put in.

    Both are ascending.
    One to be made joins those before it that are no larger, so that there are few, and a passage is written rarely.
    """
    planned: list[Segment] = []

    def make(first: int, last: int, passages: int) -> None:
        while planned and planned[-1].passages <= passages and planned[-1].passages + passages <= MOST:
            before = planned.pop()
            first, passages = before.first, before.passages + passages
        planned.append(Segment(first=first, last=last, passages=passages))

    for segment in segments:
        gone = bisect_right(removed, segment.last) - bisect_left(removed, segment.first)
        if not gone:
            planned.append(segment)
        elif gone < segment.passages:
            make(segment.first, segment.last, segment.passages - gone)
    for start in range(0, len(added), MOST):
        keys = added[start : start + MOST]
        make(keys[0], keys[-1], len(keys))
    return planned


def make(path: Path, segment: Segment, index: Callable[[Path], tantivy.Index], fill: Callable[[Any], int]) -> Segment:
    """A planned segment in files, ``fill``ed by what adds its passages and counts them."""
    new = _empty(path / _NEW)
    writer = index(new).writer(HEAP, num_threads=1)  # one thread keeps passages in the order of their keys
    passages = fill(writer)
    writer.commit()
    writer.wait_merging_threads()
    files = {}
    for file in sorted(new.iterdir()):
        if file.suffix not in {".json", ".lock"}:
            files[file.name] = _checksum(file)
            file.replace(path / file.name)
    parts = json.loads((new / _META).read_bytes())["segments"]
    return segment.model_copy(update={"passages": passages, "parts": tuple(parts), "files": files})


def _empty(folder: Path) -> Path:
    delete(folder)
    if not folder.parent.is_dir():
        delete(folder.parent)
    folder.mkdir(parents=True)
    return folder


def _checksum(path: Path) -> str:
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
