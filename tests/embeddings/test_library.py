import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from numpy.typing import NDArray

from embeddings.errors import (
    ArticleNotFound,
    InvalidInput,
    LibraryBusy,
    LibraryError,
    LibraryMismatch,
    LibraryUnreadable,
)
from embeddings.filters import Filters
from embeddings.fingerprint import Kind
from embeddings.library import Library
from embeddings.maintenance import reembed
from embeddings.retrieval.search import By, Hit
from embeddings.storage.lock import writer_lock
from embeddings.storage.pieces import PIECE_LENGTH
from embeddings.text.article import Article, Span
from tests.hashed_words import HashedWords

WORDS = ["kerry", "lavrov", "geneva", "talks", "moscow", "fire", "senate", "price", "oil", "grain", "ship", "bank"]
QUERIES = ["kerry lavrov", "the price of grain", "ship"]


def article(number: int, seed: int | None = None, paragraphs: int = 3) -> Article:
    """Return an article that is identified by a number, with a text that depends on the seed."""
    choose = random.Random(number if seed is None else seed)
    return Article.create(
        "\n\n".join(" ".join(choose.choices(WORDS, k=12)).capitalize() + "." for _ in range(paragraphs)),
        title=f"Title {number}",
        path=str(number),
        source=("Reuters", "AP")[number % 2],
        published=date(2015, 3, 1 + number % 28),
    )


@pytest.fixture
def library(tmp_path: Path, encoder: HashedWords) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder, wait=0) as library:
        yield library


def found(hits: list[Hit]) -> list[tuple[str, str, float, float]]:
    return [(hit.article.id, hit.text, hit.cosine, hit.bm25) for hit in hits]


def results(library: Library, queries: list[str] = QUERIES) -> list[list[tuple[str, str, float, float]]]:
    return [found(library.search(query, 5)) for query in queries]


def test_an_added_article_is_found_with_its_span(library: Library) -> None:
    added = list(library.add(article(number) for number in range(20)))
    assert {outcome.status for outcome in added} == {"added"}

    hits = library.search(article(7).text.split("\n")[0], 3)

    assert hits[0].article == article(7).entry
    assert hits[0].excerpt == article(7).excerpt(hits[0].passage.span)
    assert hits[0].passage.span.cut(article(7).text) == article(7).text.split("\n")[0]
    assert hits[0].ranks == {"dense": 1, "bm25": 1, "fused": 1}
    assert hits[0].cosine > 0.9
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_an_outcome_has_the_status_of_its_article(library: Library) -> None:
    def status(given: Article) -> str:
        (outcome,) = library.add([given])
        assert outcome.passages == len(library.passages(given.id))
        return outcome.status

    assert status(article(1)) == "added"
    assert status(article(1)) == "unchanged"
    assert status(article(1, seed=5)) == "replaced"
    assert status(article(1, seed=5).model_copy(update={"source": "AFP"})) == "replaced"


def test_grouped_hits_are_the_best_passage_of_each_article_and_as_many_as_asked_for(library: Library) -> None:
    long = Article.create("\n\n".join("Grain, grain and grain." for _ in range(300)), path="long")
    list(library.add([long, *(article(number) for number in range(9))]))

    hits = library.search("grain", 5, group=True)

    assert hits[0].article == long.entry
    assert len({hit.article.id for hit in hits}) == len(hits) == 5
    for hit in hits:
        own = Filters(article_ids=(hit.article.id,))
        assert hit.passage == library.search("grain", 1, own)[0].passage
    assert len(library.search("grain", 50, group=True)) == 10
    assert len(library.search("grain", 50, Filters(sources=("AP",)), group=True)) == 4


def test_words_are_found_by_the_stems_of_their_articles_language(library: Library) -> None:
    def bm25(query: str) -> list[str | None]:
        return [hit.article.language for hit in library.search(query, 9, by="bm25")]

    unknown = Article.create("Bei den Häusern.", path="houses")
    list(library.add([unknown, Article.create("The sheltering houses.", path="english", language="en")]))
    assert (bm25("Haus"), bm25("a house to shelter")) == ([], ["en"])

    list(library.add([unknown.model_copy(update={"language": "de-CH"})]))
    assert (bm25("Haus"), bm25("a house to shelter")) == (["de-CH"], ["en"])


def test_articles_like_one_come_nearest_first_without_itself_and_its_copies(library: Library) -> None:
    def about(topic: str, path: str) -> Article:
        return Article.create(f"The {topic} sank near Bergen. A {topic} is a vessel.\n\nNobody died.", path=path)

    given, copy, near = (
        about("ferry", "a"),
        about("ferry", "b").model_copy(update={"title": "Copy"}),
        about("ship", "c"),
    )
    list(library.add([given, copy, near, *(article(number) for number in range(9))]))

    hits = library.like(given.id, 5)

    assert hits[0].article == near.entry
    assert len({hit.article.id for hit in hits}) == 5
    assert {given.id, copy.id}.isdisjoint(hit.article.id for hit in library.like(given.id, 50))
    assert [hit.article.source for hit in library.like(given.id, 50, Filters(sources=("AP",)))] == ["AP"] * 4
    unknown = Article.create(near.text, title="Draft").model_copy(update={"revision": "another"})
    size = library.size()
    assert library.like(unknown, 1)[0].article == near.entry
    assert {given.id, copy.id}.isdisjoint(hit.article.id for hit in library.like(about("ferry", "e"), 50))
    assert library.size() == size, "it is not added"
    with pytest.raises(ArticleNotFound):
        library.like("nothing")


def test_the_same_article_twice_in_one_call_is_added_once(library: Library) -> None:
    outcomes = library.add([article(1), article(1), article(1, seed=9), article(1)])

    assert [outcome.status for outcome in outcomes] == ["added", "unchanged", "replaced", "replaced"]


def test_the_same_text_under_two_names_is_one_article(library: Library) -> None:
    first, second = (Article.create("Grain fell.", title="Markets", path=name) for name in ("a.txt", "b.txt"))

    outcomes = list(library.add([first, second]))

    assert [(one.status, one.article_id, one.passages) for one in outcomes] == [
        ("added", first.id, 1),
        ("unchanged", first.id, 1),
    ]
    assert outcomes[1].reason == f"Its text is here already, as 'Markets' ({first.id})."
    assert library.articles() == ([first], None)


def test_an_upload_under_another_name_changes_nothing(library: Library) -> None:
    first, second = (Article.create("Grain fell.", metadata={"file_name": name}) for name in ("a.txt", "b.txt"))

    assert [one.status for one in library.add([first, second])] == ["added", "unchanged"]
    assert library.get(first.id) == first


@pytest.mark.parametrize(
    "other",
    [
        Article.create("Grain fell.", title="Markets", path="b", published=date(2015, 3, 1)),
        Article.create("Grain fell.", title="Prices", path="b"),
        Article.create("Grain fell.", title="Markets", url="https://example.org/b"),
    ],
    ids=["day", "title", "page"],
)
def test_the_same_text_with_other_metadata_is_another_article(library: Library, other: Article) -> None:
    list(library.add([Article.create("Grain fell.", title="Markets", path="a")]))

    assert [one.status for one in library.add([other])] == ["added"]


def test_a_file_that_becomes_a_copy_of_another_replaces_its_article(library: Library) -> None:
    list(library.add([Article.create("Grain fell.", path="a"), Article.create("Grain rose.", path="b")]))

    assert [one.status for one in library.add([Article.create("Grain fell.", path="b")])] == ["replaced"]


def test_a_split_sentence_is_a_notice(library: Library) -> None:
    (outcome,) = library.add([Article.create(" ".join(WORDS * 5) + ".")])

    assert outcome.notices == ("1 sentence is longer than the encoder's window and had to be split.",)


def test_unchanged_text_is_not_encoded_again(library: Library, encoder: HashedWords) -> None:
    list(library.add([article(1, paragraphs=6)]))
    before = list(encoder.encoded)
    text = article(1, paragraphs=6).text
    edited = Article.create(
        text[: text.rindex(" ")] + " edited.",
        title="Title 1",
        path="1",
        source="AP",
        published=article(1).published,
    )

    (outcome,) = library.add([edited])

    assert outcome.status == "replaced"
    assert len(encoder.encoded) == len(before) + 1
    assert len(library.search("edited", 99, by="dense")) == outcome.passages
    assert library.search("edited", 1)[0].passage.span.end == len(edited.text)


def test_many_copies_of_a_text_are_encoded_once(library: Library, encoder: HashedWords) -> None:
    copies = [Article.create("Grain fell.", title="Markets", url=f"http://a.org/{number}") for number in range(300)]
    list(library.add(copies))
    assert encoder.encoded == ["Markets\nGrain fell."]

    hits = library.search("grain", 5)

    assert [hit.passage.key for hit in hits] == [1, 2, 3, 4, 5]  # ties go to the older


def test_a_question_is_encoded_once(library: Library, encoder: HashedWords) -> None:
    list(library.add([article(1)]))
    for _ in range(3):
        library.search("kerry")

    assert encoder.encoded.count("kerry") == 1


def test_removed_articles_cannot_be_found_or_read(library: Library) -> None:
    list(library.add(article(number) for number in range(3)))
    gone = article(1).id

    library.remove(gone)

    assert {hit.article.id for hit in library.search("kerry grain", 99)} == {article(0).id, article(2).id}
    assert library.passages(gone) == []
    for call in (library.get, library.remove):
        with pytest.raises(ArticleNotFound):
            call(gone)


def test_articles_come_in_pages_in_the_order_in_which_they_were_added(library: Library) -> None:
    list(library.add(article(number) for number in range(5)))
    first, cursor = library.articles(limit=2)
    second, cursor = library.articles(limit=2, cursor=cursor)
    third, last = library.articles(limit=2, cursor=cursor)
    pages = [[article.title for article in page] for page in (first, second, third)]

    assert pages == [["Title 0", "Title 1"], ["Title 2", "Title 3"], ["Title 4"]]
    assert last is None


def test_a_list_of_articles_does_not_read_their_texts(library: Library, tmp_path: Path) -> None:
    articles = [article(number) for number in range(3)]
    list(library.add(articles))
    with closing(sqlite3.connect(tmp_path / "library" / "library.db")) as connection, connection:
        connection.execute("DELETE FROM pieces")

    page, cursor = library.entries(2)

    assert [one.article for one in page] == [one.entry for one in articles[:2]]
    assert [one.characters for one in page] == [len(one.text) for one in articles[:2]]
    assert [one.passages for one in page] == [len(library.passages(one.id)) for one in articles[:2]]
    assert library.entries(2, cursor) == ([library.entry(articles[2].id)], None)
    with pytest.raises(ArticleNotFound):
        library.entry("nowhere")


def test_only_the_pieces_with_a_passage_are_read(library: Library, tmp_path: Path) -> None:
    long = Article.create("\n\n".join(f"The {word} 😀 rose. It fell." for word in WORDS * 200), path="long")
    list(library.add([article(1), long]))
    passage = library.passages(long.id)[-1]
    before = library.search("bank rose", 1, Filters(article_ids=(long.id,)))
    with closing(sqlite3.connect(tmp_path / "library" / "library.db")) as connection, connection:
        held = [hit.passage.span.start // PIECE_LENGTH for hit in before] + [passage.span.end // PIECE_LENGTH]
        connection.execute("DELETE FROM pieces WHERE article = 2 AND number NOT IN (?, ?)", held)

    assert library.search("bank rose", 1, Filters(article_ids=(long.id,))) == before
    assert before[0].excerpt == long.excerpt(before[0].passage.span)
    assert library.excerpt(long.id, passage.span) == long.excerpt(passage.span)


def test_an_excerpt_ends_at_the_end_of_the_text(library: Library) -> None:
    one = Article.create("One\x00 😀 two.\n\nThree 😀.", url="https://example.org/a")
    list(library.add([one]))
    for start in range(len(one.text)):
        span = Span(start=start, end=len(one.text))
        assert library.excerpt(one.id, span) == one.excerpt(span)
    assert library.excerpt(one.id, Span(start=10_000, end=10_009)).text == ""
    with pytest.raises(ArticleNotFound):
        library.excerpt("nowhere", Span(start=0, end=1))


@pytest.mark.parametrize(
    "call",
    [
        lambda library: library.search(" \n"),
        lambda library: library.search("kerry", 0),
        lambda library: library.search("\ud800"),
        lambda library: library.search("kerry", filters=Filters(sources=("\ud800",))),
        lambda library: library.articles(0),
        lambda library: library.articles(5, "9" * 40),
        lambda library: library.articles(5, "x"),
    ],
)
def test_invalid_values_are_refused(library: Library, call: Callable[[Library], object]) -> None:
    with pytest.raises(InvalidInput):
        call(library)


def test_k_passages_come_back_if_k_pass_the_filters(library: Library) -> None:
    list(library.add(article(number, paragraphs=4) for number in range(120)))
    rare = Filters(article_ids=(article(119).id,))

    assert len(library.search("kerry", 3, rare)) == len(library.search("kerry", 3, rare, by="dense")) == 3


@pytest.mark.parametrize(
    "filters",
    [
        Filters(sources=("AP",)),
        Filters(published_after=date(2015, 3, 5), published_before=date(2015, 3, 6)),
        Filters(sources=("Reuters",), published_before=date(2015, 3, 9)),
    ],
    ids=str,
)
def test_filters_apply_to_every_kind_of_search(library: Library, filters: Filters) -> None:
    list(library.add([*(article(number) for number in range(30)), Article.create("Kerry, undated and unsourced.")]))

    for by in get_args(By):
        hits = library.search("kerry lavrov", 50, filters, by=by)
        assert hits
        assert all(filters.sources is None or hit.article.source in filters.sources for hit in hits)
        for hit in hits:
            assert hit.article.published is not None
            assert (filters.published_after or date.min) <= hit.article.published
            assert hit.article.published <= (filters.published_before or date.max)


def test_unknown_articles_and_empty_filters_find_nothing(library: Library) -> None:
    list(library.add([article(1)]))

    assert library.search("kerry", filters=Filters(article_ids=("unknown",))) == []
    assert library.search("kerry", filters=Filters(sources=())) == []


def test_a_single_search_ranks_by_its_own_score(library: Library) -> None:
    list(library.add(article(number) for number in range(30)))

    dense, bm25 = library.search("grain price", 9, by="dense"), library.search("grain price", 9, by="bm25")

    assert (
        [hit.score for hit in dense] == [hit.cosine for hit in dense] == sorted((h.cosine for h in dense), reverse=True)
    )
    assert [hit.score for hit in bm25] == [hit.bm25 for hit in bm25] == sorted((h.bm25 for h in bm25), reverse=True)
    assert [hit.ranks["bm25"] for hit in bm25] == list(range(1, 10))


def test_articles_before_a_failure_of_the_iterable_are_added(library: Library) -> None:
    def failing() -> Iterator[Article]:
        yield article(1)
        yield article(2)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(library.add(failing()))

    assert len(library.articles()[0]) == 2
    assert len({hit.article.id for hit in library.search("kerry grain", 99)}) == 2


def test_only_an_article_that_cannot_be_stored_is_skipped(library: Library) -> None:
    broken = article(2).model_copy(update={"text": "Half a character: \ud800."})

    outcomes = list(library.add([article(1), broken, article(3)]))

    assert [outcome.status for outcome in outcomes] == ["added", "skipped", "added"]
    assert "surrogate" in str(outcomes[1].reason)


def test_articles_added_before_the_caller_stopped_are_found(library: Library) -> None:
    adding = library.add(article(number) for number in range(9))
    next(adding)
    adding.close()

    stored = {one.id for one in library.articles()[0]}
    assert article(0).id in stored
    assert {hit.article.id for hit in library.search("kerry grain", 99)} == stored
    assert all(row[1] for row in library.check())
    assert [outcome.status for outcome in library.add([article(0), article(99)])] == ["unchanged", "added"]


def test_there_is_one_writer_and_readers_do_not_wait_for_it(
    library: Library, tmp_path: Path, encoder: HashedWords
) -> None:
    list(library.add(article(number) for number in range(3)))

    with Library.open(tmp_path / "library", encoder, wait=0) as other:
        with writer_lock(tmp_path / "library", wait=0):
            with pytest.raises(LibraryBusy):
                list(other.add([article(9)]))
            with pytest.raises(LibraryBusy):
                library.remove(article(0).id)
            assert len({hit.article.id for hit in other.search("kerry grain", 99)}) == 3
        assert [outcome.status for outcome in other.add([article(9)])] == ["added"]
    assert len({hit.article.id for hit in library.search("kerry grain", 99, by="bm25")}) == 4
    assert all(row[1] for row in library.check())


REMOVE = """if True:
    import sys
    from tests.embeddings.test_library import HashedWords, Library, article
    with Library.open(sys.argv[1], HashedWords(), wait=0) as library:
        library.remove(article(0).id)
        print([outcome.status for outcome in library.add([article(7, seed=1), article(500)])])
"""


def test_others_can_write_while_an_import_reads(library: Library, tmp_path: Path) -> None:
    def articles() -> Iterator[Article]:
        yield from map(article, range(90))
        other = [sys.executable, "-c", REMOVE, str(tmp_path / "library")]
        said.append(subprocess.run(other, check=True, capture_output=True, text=True).stdout)
        library.remove(article(1).id)
        yield from map(article, range(90, 120))

    said: list[str] = []
    outcomes = list(library.add(articles()))

    assert said == ["['replaced', 'added']\n"]
    assert [outcome.status for outcome in outcomes] == ["added"] * 120
    here = {article(number).id for number in (*range(2, 120), 500)}
    assert {one.id for one in library.articles(999)[0]} == here
    assert library.get(article(7).id).text == article(7, seed=1).text
    assert {hit.article.id for hit in library.search(" ".join(WORDS), 999, by="bm25")} == here
    assert all(row[1] for row in library.check())


class Encoding(HashedWords):
    """Signals when it encodes passages, and waits until it may continue."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_go_on = threading.Event(), threading.Event()

    def encode(self, texts: Sequence[str], kind: Kind, *, background: bool = False) -> NDArray[np.float32]:
        if background:
            self.begun.set()
            assert self.may_go_on.wait(30)
        return super().encode(texts, kind)


def test_other_writers_do_not_wait_while_an_import_encodes(library: Library, tmp_path: Path) -> None:
    list(library.add(map(article, range(3))))
    with Library.open(tmp_path / "library", encoder := Encoding()) as other, ThreadPoolExecutor(1) as thread:
        imported = thread.submit(lambda: list(other.add([article(3), article(4)])))
        assert encoder.begun.wait(30)
        library.remove(article(0).id)
        (added,) = library.add([article(3)])
        encoder.may_go_on.set()

        assert added.status == "added"
        assert [outcome.status for outcome in imported.result()] == ["unchanged", "added"]
    assert [one.title for one in library.articles()[0]] == ["Title 1", "Title 2", "Title 3", "Title 4"]


def test_threads_search_while_one_adds(library: Library) -> None:
    list(library.add([article(0)]))
    done, failures = threading.Event(), []

    def search() -> None:
        try:
            while not done.is_set():
                assert library.search("kerry lavrov grain")
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for seed in range(3):
        list(library.add(article(number, seed=seed * 100 + number) for number in range(20)))
    done.set()
    for thread in threads:
        thread.join()

    assert failures == []
    assert all(row[1] for row in library.check())


def delete(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def files(path: Path) -> list[Path]:
    found = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file() and p.suffix != ".lock"]
    return sorted(file for file in found if file.stat().st_size)


def flip_a_byte(path: Path) -> None:
    choose = random.Random(1)
    for file in files(path):
        data = bytearray(file.read_bytes())
        data[choose.randrange(len(data))] ^= 1 << choose.randrange(8)
        file.write_bytes(data)


def truncate(path: Path) -> None:
    for file in files(path):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def take_another_librarys(path: Path) -> None:
    with Library.open(path.parent.parent / "another", HashedWords()) as another:
        list(another.add(article(number) for number in range(50, 80)))
    delete(path)
    copy = shutil.copytree if (path.parent.parent / "another" / path.name).is_dir() else shutil.copy
    copy(path.parent.parent / "another" / path.name, path)


@pytest.mark.parametrize("index", ["vectors.faiss", "words"])
@pytest.mark.parametrize("damage", [delete, flip_a_byte, truncate, take_another_librarys])
def test_a_damaged_index_is_rebuilt_with_a_notice(
    tmp_path: Path, encoder: HashedWords, index: str, damage: Callable[[Path], None]
) -> None:
    with Library.open(tmp_path / "library", encoder) as library:
        list(library.add(article(number) for number in range(30)))
        before = results(library)
    encoded = len(encoder.encoded)
    damage(tmp_path / "library" / index)

    with Library.open(tmp_path / "library", encoder) as library:
        (notice,) = library.notices
        assert ("vector" if "vectors" in index else "BM25") in notice
        assert results(library) == before
        assert len(encoder.encoded) == encoded + len(QUERIES)
    with Library.open(tmp_path / "library", encoder) as library:
        assert library.notices == ()


@pytest.mark.parametrize("index", ["vectors.faiss", "words"])
def test_an_index_that_is_deleted_while_the_library_is_open_is_rebuilt(
    library: Library, tmp_path: Path, index: str
) -> None:
    list(library.add(article(number) for number in range(5)))
    delete(tmp_path / "library" / index)

    assert [outcome.status for outcome in library.add([article(9)])] == ["added"]

    assert {hit.article.id for hit in library.search("kerry grain", 99, by="bm25")} > {article(9).id}
    assert all(row[1] for row in library.check())


def test_stale_indexes_are_caught_up_from_the_database(tmp_path: Path, encoder: HashedWords) -> None:
    with Library.open(tmp_path / "library", encoder) as library:
        list(library.add(article(number) for number in range(10)))
    for index in ("vectors.faiss", "words"):
        copy = shutil.copytree if index == "words" else shutil.copy
        copy(tmp_path / "library" / index, tmp_path / index)
    with Library.open(tmp_path / "library", encoder) as library:
        list(library.add(article(number, seed=77) for number in range(5, 15)))
        library.remove(article(0).id)
        before = results(library)
    for index in ("vectors.faiss", "words"):
        delete(tmp_path / "library" / index)
        shutil.move(tmp_path / index, tmp_path / "library" / index)

    with Library.open(tmp_path / "library", encoder) as library:
        assert library.notices == ()
        assert results(library) == before
        assert all(row[1] for row in library.check())


def test_newer_indexes_are_rebuilt_after_a_backup_was_restored(tmp_path: Path, encoder: HashedWords) -> None:
    path = tmp_path / "library"
    with Library.open(path, encoder) as library:
        list(library.add([article(1)]))
        before = results(library)
    shutil.copy(path / "library.db", tmp_path / "backup")
    with Library.open(path, encoder) as library:
        list(library.add(article(number) for number in range(2, 9)))
    shutil.copy(tmp_path / "backup", path / "library.db")

    with Library.open(path, encoder) as library:
        assert len(library.notices) == 2
        assert results(library) == before


def test_indexes_of_another_history_with_equal_generation_and_count_are_rebuilt(
    tmp_path: Path, encoder: HashedWords
) -> None:
    path, other = tmp_path / "library", tmp_path / "other"
    with Library.open(path, encoder) as library:
        list(library.add([article(1)]))
    shutil.copytree(path, other)
    for folder, number in ((path, 2), (other, 3)):
        with Library.open(folder, encoder) as library:
            list(library.add([article(number)]))
            before = results(library)
    shutil.copy(other / "library.db", path / "library.db")

    with Library.open(path, encoder) as library:
        assert len(library.notices) == 2
        assert results(library) == before
        assert all(ok for _, ok, _ in library.check())


@pytest.mark.parametrize("added_since", [[], [3], [3, 4]], ids=["older", "as many", "newer"])
def test_a_database_that_is_restored_while_the_library_is_open_is_searched_as_it_is_now(
    tmp_path: Path, encoder: HashedWords, added_since: list[int]
) -> None:
    path = tmp_path / "library"
    with Library.open(path, encoder) as library:
        list(library.add([article(1)]))
    shutil.copytree(path, tmp_path / "backup")
    with Library.open(tmp_path / "backup", encoder) as backup:
        for number in added_since:
            list(backup.add([article(number)]))
        before = results(backup)

    with Library.open(path, encoder) as library:
        list(library.add([article(2)]))
        with (
            closing(sqlite3.connect(tmp_path / "backup" / "library.db")) as source,
            closing(sqlite3.connect(path / "library.db")) as target,
        ):
            source.backup(target)

        assert results(library) == before


def test_a_search_ends_although_an_index_has_unknown_passages(library: Library, tmp_path: Path) -> None:
    list(library.add(article(number) for number in range(3)))
    with closing(sqlite3.connect(tmp_path / "library" / "library.db")) as connection, connection:
        connection.execute("DELETE FROM passages WHERE article = 2")  # by hand, behind the library's back

    assert {hit.article.id for hit in library.search("kerry grain", 99)} == {article(0).id, article(2).id}


def test_another_encoder_is_refused_with_a_hint(tmp_path: Path, encoder: HashedWords) -> None:
    with Library.open(tmp_path / "library", encoder) as library:
        list(library.add([article(1)]))

    with pytest.raises(LibraryMismatch) as caught:
        Library.open(tmp_path / "library", HashedWords(model="other", dimension=16))

    assert "hashed-words" in str(caught.value)
    assert "other" in str(caught.value)
    assert "assistant reembed --library" in caught.value.hint


def test_an_interrupted_reembedding_is_continued(tmp_path: Path, encoder: HashedWords) -> None:
    path, other = tmp_path / "library", HashedWords(model="other", dimension=16)
    with Library.open(path, encoder) as library:
        list(library.add(article(number) for number in range(100)))
    again = reembed(path, other)
    for _ in range(70):
        next(again)
    again.close()
    for half in (encoder, other):
        with pytest.raises(LibraryMismatch, match="reembed"):
            Library.open(path, half)

    assert len(list(reembed(path, other))) == 30

    with Library.open(path, other) as library:
        assert results(library)
        assert all(ok for _, ok, _ in library.check())
    passages = [text for text in other.encoded if text not in QUERIES]
    assert len(set(passages)) == 300


def test_a_file_in_the_place_of_the_folder_is_an_error_with_a_hint(tmp_path: Path, encoder: HashedWords) -> None:
    (tmp_path / "library").write_text("")

    with pytest.raises(LibraryError, match="--library"):
        Library.open(tmp_path / "library", encoder)


@pytest.mark.parametrize("left", ["vectors.faiss", "words"])
@pytest.mark.parametrize("lose", [Path.unlink, lambda path: path.write_bytes(b"")], ids=["missing", "empty"])
def test_no_library_is_created_beside_indexes_without_a_database(
    tmp_path: Path, encoder: HashedWords, lose: Callable[[Path], object], left: str
) -> None:
    path = tmp_path / "library"
    with Library.open(path, encoder) as library:
        list(library.add([article(1)]))
        identity = library.identity
    for index in {"vectors.faiss", "words"} - {left}:
        delete(path / index)
    lose(path / "library.db")
    before = {file: file.stat().st_size for file in path.iterdir() if file.is_file()}

    for create in (True, False):
        with pytest.raises(LibraryUnreadable, match="backup") as caught:
            Library.open(path, encoder, create=create)
        assert identity in str(caught.value)
    assert {file: file.stat().st_size for file in path.iterdir() if file.is_file()} == before


def test_no_library_is_created_when_create_is_false(tmp_path: Path, encoder: HashedWords) -> None:
    with pytest.raises(LibraryError, match="no library here"):
        Library.open(tmp_path / "typo", encoder, create=False)
    with pytest.raises(LibraryError, match="no library here"):
        Library.open(tmp_path, encoder, create=False)
    assert list(tmp_path.iterdir()) == []


class AnyHistory(RuleBasedStateMachine):
    """Adds, changes and removes articles, and reopens the library, sometimes without an index."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.path = self.folder / str(uuid.uuid4())
        self.library = Library.open(self.path, HashedWords())
        self.held: dict[int, Article] = {}

    @rule(numbers=st.lists(st.integers(0, 5), min_size=1, max_size=3), seed=st.integers(0, 3))
    def add(self, numbers: list[int], seed: int) -> None:
        given = {number: article(number, seed=seed, paragraphs=1 + seed % 3) for number in numbers}
        list(self.library.add(given.values()))
        self.held |= given

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.held)))
        self.library.remove(self.held.pop(number).id)

    @rule(lost=st.sampled_from(["", "vectors.faiss", "words"]))
    def reopen(self, lost: str) -> None:
        self.library.close()
        if lost:
            delete(self.path / lost)
        self.library = Library.open(self.path, HashedWords())

    def teardown(self) -> None:
        with self.library, Library.open(self.path / "new", HashedWords()) as new:
            list(new.add(self.held.values()))
            for query in ("kerry", "grain price"):
                for by in get_args(By):
                    assert everything(self.library, query, by) == everything(new, query, by)
            assert all(row[1] for row in self.library.check())


def everything(library: Library, query: str, by: By) -> list[tuple[list[str], str, float]]:
    """Return everything that a search finds: ids, text, score.

    Which of several equal articles stands for them, with the score of its title, depends on when each was added.
    """
    return sorted(
        (sorted((hit.article.id, *hit.excerpt.also)), hit.text, 0.0 if hit.excerpt.also else hit.score)
        for hit in library.search(query, 999, by=by)
    )


def test_after_any_changes_a_library_finds_what_a_new_one_would(tmp_path: Path) -> None:
    AnyHistory.folder = tmp_path
    run_state_machine_as_test(AnyHistory, settings=settings(max_examples=10, stateful_step_count=10))
