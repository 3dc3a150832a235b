"""Ingestion of files: each has an outcome, and none stops the others."""

from pathlib import Path

from assistant.sources.ingestion import ingest
from assistant.web.fetch import Fetcher
from embeddings.encoder import Encoder
from embeddings.filters import Filters
from embeddings.library import Library
from embeddings.outcome import Outcome
from tests.assistant.web.hostile_server import hostile_server
from tests.hashed_words import HashedWords

PAGE = '<html><head><link rel="canonical" href="https://example.org/a"></head><body><p>{}</p></body></html>'


def outcomes(folder: Path, encoder: Encoder) -> list[Outcome]:
    with Library.open(folder / "library", encoder) as library:
        return list(ingest(library, [folder / "articles"], Fetcher(1_000_000), seconds=1))


def test_an_outcome_names_its_file_even_if_two_files_are_the_same_article(tmp_path: Path, encoder: Encoder) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in {"a": "It opened.", "b": "It closed.", "c": "It closed."}.items():
        (folder / f"{name}.html").write_text(PAGE.format(text), "utf-8")
    assert [(Path(one.path or "").name, one.status) for one in outcomes(tmp_path, encoder)] == [
        ("a.html", "added"),
        ("b.html", "replaced"),
        ("c.html", "unchanged"),
    ]


def test_a_page_that_times_out_is_skipped_and_the_others_are_added(tmp_path: Path, encoder: Encoder) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    pages = {
        "a": "It opened.",
        "b": "<p " + " ".join(f"a{n}" for n in range(100_000)) + ">x",  # minutes, in one call
        "c": "<article>" + "<ul><li>x" * 1_000,
        "d": "It closed.",
    }
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(f"<html><body>{text}", "utf-8")
    found = {Path(one.path or "").stem: one for one in outcomes(tmp_path, encoder)}
    assert [found[name].status for name in pages] == ["added", "skipped", "added", "added"]
    assert "at most 1 seconds" in str(found["b"].reason)


def test_pages_are_added_by_their_addresses_and_one_that_is_refused_stops_nothing(
    tmp_path: Path, encoder: Encoder
) -> None:
    with Library.open(tmp_path, encoder) as library, hostile_server() as server:
        fetcher = Fetcher(100_000, private_hosts=("127.0.0.1",))
        added = list(ingest(library, [f"{server.url}/{path}" for path in ("picture", "story")], fetcher, seconds=5))
        assert [(one.status, one.path) for one in added] == [
            ("skipped", f"{server.url}/picture"),
            ("added", f"{server.url}/story"),
        ]
        assert "of a type that is not read" in (added[0].reason or "")
        assert [one.status for one in ingest(library, [f"{server.url}/moved"], fetcher, seconds=5)] == ["unchanged"]


def test_metadata_of_a_file_that_was_added_before_are_taken_over_without_encoding_it_again(
    tmp_path: Path, encoder: HashedWords
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: A bridge\n---\nIt opened.", "utf-8")
    assert [one.status for one in outcomes(tmp_path, encoder)] == ["added"]
    (folder / "a.md").write_text("---\ntitle: A bridge\ntags: [sport, roads]\n---\nIt opened.", "utf-8")
    encoder.encoded.clear()
    assert [one.status for one in outcomes(tmp_path, encoder)] == ["replaced"]
    assert encoder.encoded == []
    with Library.open(tmp_path / "library", encoder) as library:
        assert [len(library.search("It", filters=Filters(metadata=f"tags = {tag}"))) for tag in ("roads", "arts")] == [
            1,
            0,
        ]
