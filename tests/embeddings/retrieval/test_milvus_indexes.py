"""A library whose indexes are in Milvus: as with FAISS and tantivy, and whatever happens to the server."""

import fcntl
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import pytest

from assistant.doors.http.errors import status_of
from embeddings.errors import ExtraMissing, IndexUnavailable
from embeddings.filters import Filters
from embeddings.library import Library
from embeddings.retrieval import milvus_index
from embeddings.retrieval.milvus_collection import MilvusStamp
from embeddings.retrieval.milvus_server import MilvusAddress
from embeddings.retrieval.search import By
from embeddings.text.article import Article
from tests.embeddings.test_library import (
    QUERIES,
    article,
    test_articles_like_one_come_nearest_first_without_itself_and_its_copies,
    test_grouped_hits_are_the_best_passage_of_each_article_and_as_many_as_asked_for,
    test_words_are_found_by_the_stems_of_their_articles_language,
)
from tests.embeddings.test_near_duplicates import (
    test_of_a_story_on_two_sites_one_passage_is_found_that_names_the_other,
)
from tests.hashed_words import HashedWords
from tests.postgres_server import PostgresServer

__all__ = [  # run here with a library in Milvus
    "test_articles_like_one_come_nearest_first_without_itself_and_its_copies",
    "test_grouped_hits_are_the_best_passage_of_each_article_and_as_many_as_asked_for",
    "test_of_a_story_on_two_sites_one_passage_is_found_that_names_the_other",
    "test_words_are_found_by_the_stems_of_their_articles_language",
]
pytest.importorskip("milvus_lite", reason="the extra `milvus` is not installed")

BY: tuple[By, ...] = ("dense", "bm25", "fused")


@pytest.fixture
def file(tmp_path: Path) -> MilvusAddress:
    """A file of milvus-lite."""
    return MilvusAddress(str(tmp_path / "milvus" / "milvus.db"))


@pytest.fixture
def library(tmp_path: Path, encoder: HashedWords, file: MilvusAddress) -> Iterator[Library]:
    with opened(tmp_path, encoder, file) as library:
        yield library


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[MilvusAddress]:
    """Run a Milvus server, as far as milvus-lite is one, on a loopback port."""
    from milvus_lite.adapter.grpc.server import start_server_in_thread

    server, database, port = start_server_in_thread(str(folder), port=port)
    try:
        yield MilvusAddress(f"http://127.0.0.1:{port}")
    finally:
        server.stop(grace=1).wait()
        database.close()


@contextmanager
def opened(tmp_path: Path, encoder: HashedWords, milvus: MilvusAddress | None, articles: int = 0) -> Iterator[Library]:
    """Open the library, with some articles."""
    with Library.open(tmp_path / "library", encoder, milvus=milvus) as library:
        list(library.add(article(number) for number in range(articles)))
        yield library


def ranked(library: Library, filters: Filters | None = None) -> list[list[int]]:
    return [[hit.passage.key for hit in library.search(query, 20, filters, by=by)] for query in QUERIES for by in BY]


def is_right(library: Library) -> bool:
    return all(ok for _, ok, _ in library.check())


@pytest.mark.parametrize(
    "filters",
    [
        None,
        Filters(sources=("Reuters",)),
        Filters(sources=('R"eu\\ters', "AP")),
        Filters(sources=()),
        Filters(authors=("Ada Beam",)),
        Filters(article_ids=(article(3).id, "unknown")),
        Filters(published_after=date(2015, 3, 5), published_before=date(2015, 3, 7)),
        Filters(published_before=date(2015, 3, 2), sources=("Reuters", "AP")),
        Filters(metadata="section != Trade", sources=("Reuters",)),
        Filters(metadata="section = Trade"),
        Filters(metadata="section = Sport"),
    ],
    ids=str,
)
def test_a_search_finds_what_faiss_and_tantivy_find(both: tuple[Library, Library], filters: Filters | None) -> None:
    in_milvus, in_folder = both
    assert ranked(in_milvus, filters) == ranked(in_folder, filters)


def test_a_filter_that_many_passages_pass_is_searched_in_parts(
    both: tuple[Library, Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_index, "_MAX_KEYS", 5)
    in_milvus, in_folder = both
    filters = Filters(metadata="not has section")
    assert ranked(in_milvus, filters) == ranked(in_folder, filters)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Library]]:
    """A library that is open with both kinds of indexes."""
    tmp_path, encoder = tmp_path_factory.mktemp("both"), HashedWords()
    undated = Article.create("Grain by ship.", title="Undated", path="undated", authors=("Ada Beam", "Cy Pile"))
    undated = undated.model_copy(update={"metadata": {"section": "Trade"}})
    with (
        opened(tmp_path, encoder, MilvusAddress(str(tmp_path / "milvus.db"))) as in_milvus,
        opened(tmp_path, encoder, None) as in_folder,
    ):
        list(in_milvus.add([undated, *(article(number) for number in range(12))]))
        assert is_right(in_folder)
        yield in_milvus, in_folder


def test_the_collection_is_used_again_and_follows_what_others_changed(
    tmp_path: Path, encoder: HashedWords, file: MilvusAddress
) -> None:
    german = Article.create("Bei den Häusern.", path="german", language="de")
    with opened(tmp_path, encoder, file, articles=6) as library:
        list(library.add([german]))
    with opened(tmp_path, encoder, None) as without_milvus:
        without_milvus.remove(article(2).id)
        list(without_milvus.add([article(7)]))
    with opened(tmp_path, encoder, file) as library:
        assert library.notices == ()
        assert is_right(library)
        assert [hit.article.id for hit in library.search("Haus", 99, by="bm25")] == [german.id]
        assert article(7).id in {hit.article.id for hit in library.search("kerry", 99)}


def test_two_libraries_on_one_server_see_each_others_changes(tmp_path: Path, encoder: HashedWords) -> None:
    with ExitStack() as stack:
        address = stack.enter_context(serving(tmp_path / "server"))
        one, other = (stack.enter_context(opened(tmp_path, encoder, address)) for _ in range(2))
        list(one.add(article(number) for number in range(6)))
        assert ranked(other) == ranked(one)
        other.remove(article(3).id)
        assert ranked(one) == ranked(other)
        assert is_right(one)


def test_servers_that_share_a_database_and_a_collection_take_turns_at_writing(
    tmp_path: Path, encoder: HashedWords, postgres: PostgresServer
) -> None:
    url = postgres.library_url()
    with ExitStack() as stack:
        address = stack.enter_context(serving(tmp_path / "server"))
        one, other = (
            stack.enter_context(Library.open(tmp_path / name, encoder, database_url=url, milvus=address))
            for name in ("one", "other")
        )
        list(one.add(article(number) for number in range(3)))
        before = ranked(one)
        assert before == ranked(other)
        missing(one)
        with one._database.writing(0), pytest.raises(IndexUnavailable):
            other.search("kerry")
        other.remove(article(2).id)
        assert ranked(one) == ranked(other) != before
        assert is_right(one)


def test_removed_text_is_in_no_file_of_milvus_lite(tmp_path: Path, encoder: HashedWords, file: MilvusAddress) -> None:
    from pyarrow.parquet import read_table

    def stored() -> str:
        tables = map(read_table, Path(file.uri).rglob("*.parquet"))
        logs = (path.read_bytes() for path in Path(file.uri).rglob("*") if path.suffix != ".parquet" and path.is_file())
        return str([table.to_pydict() for table in tables]) + str([*logs])

    secret = Article.create("The zanzibar is here.", title="Secret", path="secret")
    with opened(tmp_path, encoder, None, articles=3) as without_milvus:
        list(without_milvus.add([secret]))
    with opened(tmp_path, encoder, file) as library:
        assert "zanzibar" in stored()
        library.remove(secret.id)
        assert "zanzibar" not in stored()
        assert not list((tmp_path / "library").glob("vectors.faiss"))
        assert is_right(library)


def torn(library: Library) -> None:
    """Leave a passage that no state of the database has, as a crash and a restored backup might."""
    collection = library._indexes.dense._collection  # type: ignore[attr-defined]
    row = collection._server.call("get", collection._alias, ids=[1], output_fields=["*"])[0]
    more = {name: value for name, value in row.items() if not name.endswith("_bm25")} | {"key": 999}
    collection._server.call("upsert", collection._alias, [more])


def other_history(library: Library) -> None:
    collection = library._indexes.dense._collection  # type: ignore[attr-defined]
    collection.apply([], (), library.state._replace(token=1))


def missing(library: Library) -> None:
    collection = library._indexes.dense._collection  # type: ignore[attr-defined]
    collection._server.call("drop_collection", collection._server.call("list_collections")[0])


def of_another_encoder(library: Library) -> None:
    collection = library._indexes.dense._collection  # type: ignore[attr-defined]
    collection._stamp = MilvusStamp(**{**dict(collection._stamp), "recipe": "another"})
    collection.apply([], (), library.state)


@pytest.mark.parametrize("harm", [torn, other_history, missing, of_another_encoder])
def test_an_invalid_collection_is_rebuilt_with_a_notice(
    tmp_path: Path, encoder: HashedWords, file: MilvusAddress, harm: Callable[[Library], None]
) -> None:
    with opened(tmp_path, encoder, file, articles=5) as library:
        before = ranked(library)
        harm(library)
    with opened(tmp_path, encoder, file) as library:
        (notice,) = library.notices
        assert "rebuilt from the database" in notice
        assert ranked(library) == before
        assert is_right(library)


def test_without_its_server_a_library_says_so_and_goes_on_when_it_is_back(tmp_path: Path, encoder: HashedWords) -> None:
    with ExitStack() as stack:
        with serving(tmp_path / "server") as address:
            library = stack.enter_context(opened(tmp_path, encoder, address, articles=4))
            before = ranked(library)
            library.ping()
        for change in (lambda: library.remove(article(1).id), lambda: list(library.add([article(9)])), library.ping):
            with pytest.raises(IndexUnavailable):
                change()
        assert library.size()["articles"] == 4
        with pytest.raises(IndexUnavailable, match="Milvus server that answers") as caught:
            library.search("kerry")
        assert status_of(caught.value) == 503
        with pytest.raises(IndexUnavailable):
            Library.open(tmp_path / "library", encoder, milvus=address)
        with serving(tmp_path / "server", int(address.uri.rpartition(":")[2])):
            assert ranked(library) == before
            library.close()


def test_a_file_that_another_process_uses_is_refused(tmp_path: Path, encoder: HashedWords, file: MilvusAddress) -> None:
    lock = Path(file.uri) / "LOCK"
    lock.parent.mkdir(parents=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(IndexUnavailable, match="no other process uses"):
            Library.open(tmp_path / "library", encoder, milvus=file)


def test_without_its_packages_the_error_names_the_extra(
    tmp_path: Path, encoder: HashedWords, file: MilvusAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(ExtraMissing, match="extra `milvus`"):
        Library.open(tmp_path / "library", encoder, milvus=file)


def test_an_error_does_not_tell_the_password(tmp_path: Path, encoder: HashedWords) -> None:
    with pytest.raises(IndexUnavailable, match=r"at 127\.0\.0\.1:9;") as caught:
        Library.open(tmp_path / "library", encoder, milvus=MilvusAddress("http://ada:secret@127.0.0.1:9"))
    assert "secret" not in str(caught.value)
