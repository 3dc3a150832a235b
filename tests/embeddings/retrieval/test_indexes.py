"""Whatever happens to the files of the indexes, the library can be opened, searched and changed."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import pytest

from embeddings.library import Library
from embeddings.opening import fingerprint_json
from embeddings.retrieval.dense_index import DenseIndex
from embeddings.retrieval.index_files import delete
from embeddings.retrieval.index_stamp import IndexStamp
from embeddings.retrieval.segments import Manifest
from embeddings.storage.database import Database
from embeddings.storage.lock import writer_lock
from tests.embeddings.test_library import article, results
from tests.hashed_words import HashedWords


def folder(path: Path) -> None:
    delete(path)
    (path / "inner").mkdir(parents=True)


def file(path: Path) -> None:
    delete(path)
    path.write_bytes(b"not an index")


def pipe(path: Path) -> None:
    delete(path)
    os.mkfifo(path)


def link_to_nothing(path: Path) -> None:
    delete(path)
    path.symlink_to(path.parent / "nothing")


def sealed(index: faiss.Index | None) -> Callable[[Path], None]:
    """Replace the saved index by another payload with a valid stamp."""

    def seal(path: Path) -> None:
        payload = b"not FAISS" if index is None else faiss.serialize_index(index).tobytes()
        stamp = IndexStamp.model_validate_json(path.read_bytes().split(b"\n")[0]).sealed(payload)
        path.write_bytes(stamp.model_dump_json().encode() + b"\n" + payload)

    return seal


def without_ids() -> faiss.Index:
    index = faiss.IndexFlatIP(32)
    index.add(np.eye(32, dtype=np.float32))
    return index


def sealed_segment(path: Path) -> None:
    """Replace a segment by bytes that tantivy refuses, with a valid stamp."""
    meta = json.loads((path / "meta.json").read_bytes())
    manifest = Manifest.model_validate_json(meta.pop("payload"))
    (segment,) = manifest.segments
    for name in segment.files:
        (path / name).write_bytes(b"not tantivy")
        segment.files[name] = hashlib.sha256(b"not tantivy").hexdigest()
    manifest = manifest.sealed(json.dumps(meta).encode())
    (path / "meta.json").write_text(json.dumps({"payload": manifest.model_dump_json()} | meta))


BAD = {
    **{f"vectors.faiss {put.__name__}": ("vectors.faiss", put) for put in (folder, file, pipe, link_to_nothing)},
    **{f"words {put.__name__}": ("words", put) for put in (folder, file, pipe, link_to_nothing, sealed_segment)},
    **{f"words/meta.json {put.__name__}": ("words/meta.json", put) for put in (folder, file, pipe, link_to_nothing)},
    "vectors.faiss sealed and no index": ("vectors.faiss", sealed(None)),
    "vectors.faiss sealed and without ids": ("vectors.faiss", sealed(without_ids())),
    "vectors.faiss sealed and of another dimension": (
        "vectors.faiss",
        sealed(faiss.IndexIDMap2(faiss.IndexFlatIP(16))),
    ),
    "vectors.faiss sealed and of another measure": ("vectors.faiss", sealed(faiss.IndexIDMap2(faiss.IndexFlatL2(32)))),
}


@pytest.mark.parametrize(("place", "put"), BAD.values(), ids=BAD)
def test_an_invalid_index_is_rebuilt_with_a_notice(
    tmp_path: Path, encoder: HashedWords, place: str, put: Callable[[Path], None]
) -> None:
    with Library.open(tmp_path / "library", encoder) as library:
        list(library.add(article(number) for number in range(9)))
        before = results(library)
    put(tmp_path / "library" / place)

    with Library.open(tmp_path / "library", encoder) as library:
        (notice,) = library.notices
        assert "rebuilt" in notice
        assert results(library) == before
        library.remove(article(1).id)
    with Library.open(tmp_path / "library", encoder) as library:
        assert library.notices == ()
        assert all(ok for _, ok, _ in library.check())


def test_the_doctor_sees_one_state_while_a_writer_works(tmp_path: Path, encoder: HashedWords) -> None:
    path = tmp_path / "library"
    with Library.open(path, encoder) as library, Library.open(path, encoder) as other:
        list(library.add(article(number) for number in range(5)))
        with writer_lock(path, wait=0), Database(path / "library.db", fingerprint_json(encoder)) as database:
            with database.transaction() as change:  # what a writer does before it brings the indexes there
                change.delete(article(1).id)
            for one in (library, other):
                assert all(ok for _, ok, _ in one.check()), one.check()


def test_the_doctor_finds_an_index_with_wrong_passages(tmp_path: Path, encoder: HashedWords) -> None:
    with Library.open(tmp_path / "library", encoder) as library:
        list(library.add(article(number) for number in range(5)))
        vectors = library._indexes.dense
        assert isinstance(vectors, DenseIndex)
        vectors.apply([1], np.array([999]), np.eye(1, 32, dtype=np.float32), vectors.state)

        assert [name for name, ok, _ in library.check() if not ok] == ["vector index"]


FULL = """if True:
    import os, sys
    from pathlib import Path
    from embeddings.errors import LibraryFull
    from embeddings.retrieval.index_files import delete_indexes
    from tests.embeddings.test_library import HashedWords, Library, article, results

    encoder = HashedWords(dimension=384)  # vectors that take as much room as those of a real one
    path = Path(sys.argv[1]) / "library"
    with Library.open(path, encoder) as library:
        list(library.add(article(number) for number in range(200)))
        before = results(library)

    def fill():
        with open(path.parent / "filling", "ab", buffering=0) as filling:
            try:
                while True:
                    filling.write(bytes(1024))
            except OSError as error:
                assert error.errno == 28

    def found(library):
        return {hit.article.id for hit in library.search("kerry", 999)}

    fill()
    with Library.open(path, encoder) as library:
        assert results(library) == before, "it answers"
        try:
            list(library.add([article(500, paragraphs=300)]))
        except LibraryFull as error:
            print(error.hint)
        for number in range(5):
            library.remove(article(number).id)
            assert article(number).id not in found(library), "it removes"
            fill()
        assert results(library)
    delete_indexes(path)
    fill()
    with Library.open(path, encoder) as library:
        print(*library.notices)
        assert article(3).id not in found(library)
        assert article(30).id in found(library), "it opens again"
        assert all(ok for _, ok, _ in library.check()), library.check()
    (path.parent / "filling").unlink()
    with Library.open(path, encoder) as library:
        list(library.add([article(500)]))
        assert article(500).id in found(library)
        assert all(ok for _, ok, _ in library.check()), library.check()
    with Library.open(path, encoder) as library:
        assert library.notices == ()
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no `unshare` to mount a small disk with")
def test_with_a_full_disk_a_library_opens_answers_and_removes(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=12m tmpfs "$1" && exec "$2" -c "$3" "$1"'
    own = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*own, 'mount -t tmpfs tmpfs "$0"', tmp_path], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk")

    ended = subprocess.run(
        [*own, mount, "sh", str(tmp_path), sys.executable, FULL], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stderr
    assert "Free some space" in ended.stdout
    assert "could not be written" in ended.stdout
