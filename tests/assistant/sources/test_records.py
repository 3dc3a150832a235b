"""Files of many articles: JSON Lines and tables, with the names of their fields."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import UnknownKind
from assistant.sources import read_bytes, read_file
from assistant.sources.ingestion import ingest
from assistant.sources.records import Record, read_records
from assistant.web.fetch import Fetcher
from embeddings.errors import InvalidInput
from embeddings.library import Library
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

COST = "The bridge cost 40 million euros."


def records(path: Path, fields: Mapping[str, str] | None = None) -> list[Record]:
    return list(read_records(path, fields or {}, max_bytes=10_000, seconds=60))


def articles(path: Path, fields: Mapping[str, str] | None = None) -> list[Article]:
    read = records(path, fields)
    assert [record.error for record in read if record.error] == []
    return [record.article for record in read if record.article]


def lines(path: Path, *values: Any) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), "utf-8")
    return path


def test_usual_names_of_fields_are_known(tmp_path: Path) -> None:
    record = {
        "headline": "A bridge",
        "Body": COST,
        "link": "https://example.org/a",
        "publisher": "Gazette",
        "date": "2016-03-02",
        "authors": [{"name": "Ada Beam"}, "Bert Span"],
        "lang": "en",
        "section": "Town",
        "views": 7,
        "tags": ["bridges"],
    }
    (article,) = articles(lines(tmp_path / "a.jsonl", record))
    assert (article.title, article.text, article.url) == ("A bridge", COST, "https://example.org/a")
    assert (article.source, str(article.published), article.language) == ("Gazette", "2016-03-02", "en")
    assert article.authors == ("Ada Beam", "Bert Span")
    assert article.metadata == {"section": "Town", "views": 7, "tags": ["bridges"]}


@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t")])
def test_a_mapping_names_the_columns_of_a_table(tmp_path: Path, name: str, delimiter: str) -> None:
    path = tmp_path / name
    rows = [("story", "caption"), (f'"{COST}\n\nNobody said why."', "A bridge"), ("It was closed.", "")]
    path.write_text("\ufeff" + "\n".join(delimiter.join(row) for row in rows), "utf-8")
    first, second = articles(path, {"text": "story", "title": "caption"})
    assert (first.title, first.text) == ("A bridge", f"{COST}\n\nNobody said why.")
    assert second.text == "It was closed."


def test_a_record_is_known_by_its_address_its_id_or_its_text(tmp_path: Path) -> None:
    def ids(text: str) -> list[str]:
        some = ({"text": text, "url": "https://example.org/a"}, {"text": text, "id": 7}, {"text": text})
        return [article.id for article in articles(lines(tmp_path / "a.jsonl", *some))]

    before, after = ids(COST), ids("It was closed.")
    assert before[:2] == after[:2]
    assert before[2] != after[2]


def test_html_and_markdown_are_read_as_such(tmp_path: Path) -> None:
    some = ({"markdown": f"# A bridge\n\n*{COST}*"}, {"html": f"<title>A bridge</title><p>{COST}</p>"})
    assert [one.text for one in articles(lines(tmp_path / "a.jsonl", *some))] == [COST, COST]


def test_a_record_that_cannot_be_read_is_told_with_its_line_and_stops_nothing(
    tmp_path: Path, encoder: HashedWords
) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": COST}, ["no object"], {"title": "no text"}, {"text": "It was closed."})
    path.write_text(path.read_text("utf-8") + "{broken\n\n", "utf-8")
    with Library.open(tmp_path / "library", encoder) as library:
        outcomes = list(ingest(library, [path], Fetcher(10_000), seconds=60))
    told = {outcome.path: outcome.status for outcome in outcomes}
    assert told == {
        f"{path}:1": "added",
        f"{path}:2": "skipped",
        f"{path}:3": "skipped",
        f"{path}:4": "added",
        f"{path}:5": "skipped",
    }
    assert any("--field text=NAME" in str(outcome.reason) for outcome in outcomes)


CITY = "Die Brücke über den Tarn kostete vier Millionen Euro, sagte der Bürgermeister."
CYRILLIC = "Мост через реку Тарн обошёлся городу в четыре миллиона евро, сообщил мэр."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(CITY, "cp1252"), (CITY, "utf-8-sig"), (CITY, "utf-16"), (CITY, "utf-32"), (CYRILLIC, "cp1251")],
)
def test_tables_and_json_lines_are_read_in_the_encoding_of_a_text(tmp_path: Path, text: str, encoding: str) -> None:
    table, rows, plain = tmp_path / "a.csv", tmp_path / "a.jsonl", tmp_path / "a.txt"
    table.write_bytes(f"text;title\r\n{text};Tarn\r\n".encode(encoding))
    rows.write_bytes(json.dumps({"text": text}, ensure_ascii=False).encode(encoding))
    plain.write_bytes(text.encode(encoding))
    assert [one.text for path in (table, rows) for one in articles(path)] == [text, text]
    assert read_file(plain, max_bytes=10_000, seconds=60).text == text


@pytest.mark.parametrize("end", ["\n", ""])
def test_the_encoding_of_a_long_file_is_found_wherever_it_shows(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.jsonl"
    ascii_lines = b"".join(b'{"text": "The bridge cost %d million euros."}\n' % number for number in range(5_000))
    path.write_bytes(ascii_lines + f'{{"text": "{CITY}"}}{end}'.encode("cp1252"))
    assert articles(path)[-1].text == CITY


def test_a_stray_byte_in_utf_8_is_replaced_and_long_lines_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    long = "ü" * 200_001
    path.write_bytes(f'{{"text": "{CITY} {long}"}}\n{{"text": "{CITY}"}}\n'.encode())
    (whole, _) = list(read_records(path, {}, max_bytes=1_000_000, seconds=60))
    assert whole.article
    assert whole.article.text == f"{CITY} {long}"
    path.write_bytes(f'{{"text": "{CITY * 9}"}}\n{{"text": "Caf'.encode() + b"\xe9" + b' ist zu."}')
    assert [one.text for one in articles(path)] == [CITY * 9, "Caf\ufffd ist zu."]


@pytest.mark.parametrize(
    ("name", "data", "hint"),
    [
        ("a.jsonl", b'{"text": "' + b"x" * 20_000 + b'"}\n', "ASSISTANT_MAX_ARTICLE_BYTES"),
        ("a.jsonl", b'{"text": broken}\n', "Mend the line"),
        ("a.jsonl", b'["The bridge was closed."]\n', "Mend the line"),
        ("a.csv", b'text,title\n"The bridge" was closed,Tarn\n', "quotation marks"),
        ("a.csv", b"\x00\xff\x00\x01", "Save"),
        ("a.csv", "text,title\nThe bridge was closed.,Tarn\n".encode("utf-16-le"), "save it as UTF-8"),
        ("a.csv", b"story,title\nThe bridge was closed.,Tarn\n", "--field text=NAME"),
    ],
)
def test_the_hint_of_what_cannot_be_read_says_what_to_mend(tmp_path: Path, name: str, data: bytes, hint: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    (record,) = records(path)
    assert record.error
    assert hint in record.error.hint
    assert ("--field" in record.error.hint) == ("--field" in hint)


def test_a_field_that_articles_have_not_is_refused(tmp_path: Path, encoder: HashedWords) -> None:
    with Library.open(tmp_path / "library", encoder) as library, pytest.raises(InvalidInput, match="no field 'body'"):
        list(ingest(library, [], Fetcher(100), seconds=60, fields={"body": "text"}))


def test_an_upload_of_many_articles_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnknownKind, match=r"many articles.*assistant add"):
        read_bytes(b"{}", name="a.jsonl", max_bytes=100)
