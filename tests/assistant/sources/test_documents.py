"""Documents of many kinds: all come out as the same blocks, and what cannot be read is refused."""

from datetime import date

import pytest

from assistant.errors import MalformedSource, UnknownKind
from assistant.sources import read_bytes
from assistant.sources.kind import SUFFIXES
from embeddings.text.article import Article
from tests.documents import AUTHOR, BLOCKS, COST, DESCRIBED, DOCUMENTS, TITLE, docx


def read(name: str, data: bytes) -> Article:
    return read_bytes(data, name=name, max_bytes=1_000_000)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_headings_paragraphs_list_items_and_rows_are_blocks(name: str) -> None:
    article = read(name, DOCUMENTS[name]())
    assert article.text.split("\n\n") == BLOCKS
    assert (article.title, article.authors) == (TITLE, (AUTHOR,))
    if name != "bridge.pptx":
        assert article.published == date(2016, 3, 2)
    assert {name: article.metadata.get(name) for name in DESCRIBED.get(name, {})} == DESCRIBED.get(name, {})
    if name != "bridge.eml":  # whose headings are not marked
        assert [article.text[offset:].split("\n")[0] for offset in article.sections] == ["What it cost"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_content_tells_the_kind_where_it_can(name: str) -> None:
    data = DOCUMENTS[name]()
    if name in {"bridge.eml", "bridge.mhtml", "bridge.rst"}:
        assert name[name.index(".") :] in SUFFIXES
    else:
        assert COST in read("bridge.txt", data).text


def test_a_saved_page_keeps_its_address() -> None:
    assert read("bridge.mhtml", DOCUMENTS["bridge.mhtml"]()).url == "https://example.org/bridge"


@pytest.mark.parametrize("name", ["bridge.docx", "bridge.epub", "bridge.odt", "bridge.pptx"])
def test_a_damaged_document_is_refused(name: str) -> None:
    data = DOCUMENTS[name]()
    middle = len(data) // 3
    damaged = data[:middle] + bytes(200) + data[middle + 200 :]
    with pytest.raises((MalformedSource, UnknownKind)):
        read(name, damaged)
    with pytest.raises(UnknownKind, match="zip archive"):
        read(name, data[: len(data) // 2])


def test_a_mail_without_text_is_refused() -> None:
    with pytest.raises(MalformedSource, match=r"no text.*got image/png"):
        read("picture.eml", b"Subject: A picture\nContent-Type: image/png\n\nx")


def test_another_archive_is_refused_with_what_is_read() -> None:
    with pytest.raises(UnknownKind, match=r"zip archive.*"):
        read("bridge.zip", docx()[:100])
