"""Removed articles are erased from all files of the library: the database and its log, segments and vectors."""

import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import tantivy
from numpy.typing import NDArray

from embeddings.errors import ArticleNotFound
from embeddings.library import Library
from embeddings.storage.wipe import wipe
from embeddings.text.article import Article
from embeddings.text.page_map import Box, PageMap, PlacedWord
from embeddings.text.terms import stems
from tests.hashed_words import HashedWords

SOME = 60


class Marks(HashedWords):
    """Gives every text a unique vector, whose bytes can be recognised in a file."""

    def encode(
        self, texts: Sequence[str], kind: Literal["query", "passage"], *, background: bool = False
    ) -> NDArray[np.float32]:
        self.encoded.extend(texts)
        drawn = np.array([np.random.default_rng(list(text.encode())).standard_normal(32) for text in texts])
        unit: NDArray[np.float32] = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype("<f4")
        return unit


@pytest.fixture
def encoder() -> Marks:
    return Marks()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library"


def mark(choose: random.Random) -> str:
    """Return a unique word."""
    return "".join(choose.choices("bcdfghjklmnpqrstvwxz", k=14))


def article(number: int, word: str, choose: random.Random) -> Article:
    """Return an article of random length with a word in all of its fields, and in the file that it was read from."""
    sentence = f"{word.capitalize()} came to {word}."
    return Article.create(
        " ".join([sentence] * choose.choice([1, 3, 20, 80])),
        title=f"On {word}",
        url=f"https://example.org/{number}",
        authors=[word],
        metadata={"about": word},
        pages=PageMap.of([PlacedWord(0, len(word), Box(1, 10, 10, 60, 20))]),
        original=f"%PDF-1.4 {word} ".encode() * choose.choice([1, 300, 2_000]),
    )


def left(path: Path, words: Iterable[str], vectors: Iterable[bytes] = ()) -> set[str]:
    """Return where the word still occurs: in the bytes of files and in the terms and stored fields of segments."""
    copied = path.with_name("copied")
    shutil.rmtree(copied, ignore_errors=True)
    # Another process reads the files: to close one gives up every lock that this process has on it, SQLite's too.
    subprocess.run(["cp", "-r", path, copied], check=True)
    path, found = copied, set()
    for file in (file for file in path.rglob("*") if file.is_file()):
        content = file.read_bytes()
        found |= {f"{word} in {file.name}" for word in words if word.encode() in content.lower()}
        found |= {f"a vector in {file.name}" for vector in vectors if vector in content}
    for meta in (path / "words").rglob("meta.json"):
        index = tantivy.Index.open(str(meta.parent))
        searcher = index.searcher()
        terms = {stem for word in words for stem in stems(word)}
        found |= {
            f"{term} in {field}" for term in terms for field in ("body", "title") if searcher.doc_freq(field, term)
        }
        hits = searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs)).hits
        found |= {
            f"{searcher.doc(address).to_dict()} is stored" for _, address in hits if searcher.doc(address).to_dict()
        }
    return found


def told(library: Library) -> str:
    (found,) = (found for name, _, found in library.check() if name == "removed text")
    return found


def removed(library: Library, articles: list[Article]) -> None:
    library.remove(*(article.id for article in articles))


def replaced(library: Library, articles: list[Article]) -> None:
    other = (Article.create("Something else.", title="Else", url=article.url) for article in articles)
    assert {outcome.status for outcome in library.add(other)} == {"replaced"}


@pytest.mark.parametrize("forget", [removed, replaced])
def test_removed_articles_are_erased_from_all_files(
    path: Path, encoder: Marks, forget: Callable[[Library, list[Article]], None]
) -> None:
    choose = random.Random(13)
    words = [mark(choose) for _ in range(SOME)]
    articles = [article(number, word, choose) for number, word in enumerate(words)]
    with Library.open(path, encoder) as library:
        list(library.add(articles))
        gone = choose.sample(range(SOME), SOME // 2)
        texts = [text for text in encoder.encoded if any(words[number] in text for number in gone)]
        vectors = [row.tobytes() for row in encoder.encode(texts, "passage")]
        stays = next(text for text in encoder.encoded if text not in texts)
        kept = encoder.encode([stays], "passage").tobytes()
        assert left(path, [words[gone[0]]], vectors)

        for some in (gone[:3], gone[3:4], gone[4:]):
            forget(library, [articles[number] for number in some])
            assert left(path, [words[number] for number in some]) == set()
        assert left(path, [words[number] for number in gone], vectors) == set()
        assert left(path, [], [kept]), "what stays is found by the same means"
        assert all(ok for _, ok, _ in library.check())
    assert left(path, [words[number] for number in gone], vectors) == set()


def test_an_import_erases_replaced_articles_when_it_ends(path: Path, encoder: Marks) -> None:
    choose = random.Random(13)
    words = [mark(choose) for _ in range(SOME)]
    with Library.open(path, encoder) as library:
        list(library.add(article(number, word, choose) for number, word in enumerate(words)))
        replacing = library.add(article(number, mark(choose), choose) for number in range(SOME))
        next(replacing)
        assert left(path, words[:1])
        list(replacing)

        assert left(path, words) == set()


def test_what_a_reader_still_uses_is_erased_when_it_has_finished(path: Path, encoder: Marks) -> None:
    choose = random.Random(13)
    word = mark(choose)
    with Library.open(path, encoder) as library:
        list(library.add([article(1, word, choose), article(2, mark(choose), choose)]))
        with closing(sqlite3.connect(path / "library.db")) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM articles").fetchone()
            library.remove(article(1, word, choose).id)
            assert left(path, [word])
            assert "still in files" in told(library)
        library.search("anything")

        assert left(path, [word]) == set()
        assert "nothing" in told(library)


def test_searches_rarely_retry_to_erase(path: Path, encoder: Marks, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, tried = [100.0], []

    def takes_four_seconds() -> None:
        tried.append(clock[0])
        clock[0] += 4

    with Library.open(path, encoder) as library:
        monkeypatch.setattr("embeddings.retrieval.library_indexes.time.monotonic", lambda: clock[0])
        monkeypatch.setattr(library._indexes, "save", takes_four_seconds)
        library._indexes.erase_pending = True
        for _ in range(200):
            library._indexes.retry_erase()
            clock[0] += 1
        library._indexes.erase_pending = False
        monkeypatch.undo()

    assert tried == [100.0, 184.0, 268.0]


def test_an_interrupted_removal_is_completed_when_the_library_is_opened(path: Path, encoder: Marks) -> None:
    choose = random.Random(13)
    word = mark(choose)
    with Library.open(path, encoder) as library:
        list(library.add([article(number, word if number == 1 else mark(choose), choose) for number in range(9)]))
    with library._database.transaction() as change:  # and no more
        change.delete(article(1, word, choose).id)
    library._database.close()
    assert left(path, [word])

    with Library.open(path, encoder):
        assert left(path, [word]) == set()


def test_discarded_vectors_give_no_notice(path: Path, encoder: Marks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings.retrieval.dense_updater._QUICK_TO_SAVE", 0)  # as if they were many
    choose = random.Random(13)
    articles = [article(number, mark(choose), choose) for number in range(50)]
    with Library.open(path, encoder) as library:
        list(library.add(articles))
        library.remove(min(articles, key=lambda one: len(one.text)).id)
        assert (path / "vectors.faiss").stat().st_size == 0
        with Library.open(path, encoder) as other:
            assert other.notices == ()
            assert all(ok for _, ok, _ in other.check())
    with Library.open(path, encoder) as library:
        assert library.notices == ()


def test_many_articles_are_removed_in_one_transaction(path: Path, encoder: Marks) -> None:
    choose = random.Random(13)
    articles = [article(number, mark(choose), choose) for number in range(9)]
    with Library.open(path, encoder) as library:
        list(library.add(articles))
        before = library.state
        with pytest.raises(ArticleNotFound):
            library.remove(articles[0].id, "unknown")
        assert library.state == before
        library.remove(*(one.id for one in articles[:5]), articles[0].id)

        assert library.state.generation == before.generation + 1
        assert library.articles()[0] == [one.model_copy(update={"original": None}) for one in articles[5:]]


@pytest.mark.parametrize("seed", range(4))
def test_copies_of_moved_rows_are_overwritten(tmp_path: Path, seed: int) -> None:
    choose, path = random.Random(seed), tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, closing(sqlite3.connect(path)) as other:
        for statement in ("journal_mode = WAL", "synchronous = OFF", "secure_delete = ON"):
            connection.execute(f"PRAGMA {statement}")
        connection.execute("CREATE TABLE rows (word TEXT UNIQUE, text TEXT)")
        there: list[str] = []
        gone: list[str] = []
        for _ in range(2_000):
            if there and choose.random() < 0.45:
                gone.append(there.pop(choose.randrange(len(there))))
                connection.execute("DELETE FROM rows WHERE word = ?", gone[-1:])
            else:
                there.append(mark(choose))
                text = there[-1] * choose.choice([1, 10, 100, 1000])
                connection.execute("INSERT INTO rows VALUES (?, ?)", (there[-1], text))
        other.execute("SELECT sum(length(text)) FROM rows").fetchone()  # remembers pages as they were
        other.commit()

        assert wipe(path, 1)
        other.execute("DELETE FROM rows WHERE word IN (SELECT word FROM rows LIMIT 9)")
        other.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert {word for (word,) in connection.execute("SELECT word FROM rows")} < set(there)
        content = path.read_bytes()
        assert [word for word in gone if word.encode() in content] == []


def test_a_database_with_auto_vacuum_is_vacuumed(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in ("auto_vacuum = FULL", "journal_mode = WAL", "synchronous = OFF"):
            connection.execute(f"PRAGMA {statement}")
        connection.execute("CREATE TABLE rows (text TEXT)")
        connection.executemany("INSERT INTO rows VALUES (?)", (("x" * number,) for number in range(1_000)))
        connection.execute("DELETE FROM rows WHERE length(text) % 2")

        assert wipe(path, 1)

        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM rows").fetchone() == (500,)
