"""The fetcher against a real server on loopback, which it may read, so that each page is refused for its own reason."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.errors import FetchError
from assistant.sources import read_page
from assistant.web.fetch import Fetcher
from tests.assistant.web.hostile_server import HostileServer, hostile_server

FETCHER = Fetcher(max_bytes=200_000, seconds=1.0, private_hosts=("127.0.0.1",))


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileServer]:
    with hostile_server() as server:
        yield server


@pytest.mark.parametrize("path", ["/story", "/moved", "/zipped"])
def test_a_page_becomes_an_article_with_its_address(hostile: HostileServer, path: str) -> None:
    article = read_page(FETCHER.fetch(hostile.url + path))
    assert article.title == "Pier to be rebuilt"
    assert article.url == hostile.url + ("/story" if path == "/moved" else path)
    assert article.text.endswith("costs 4 million crowns.")


def test_the_charset_of_the_reply_is_believed(hostile: HostileServer) -> None:
    assert "Lindhölm" in read_page(FETCHER.fetch(f"{hostile.url}/latin")).text


def test_a_page_names_its_canonical_address_only_on_its_own_host(hostile: HostileServer) -> None:
    assert read_page(FETCHER.fetch(f"{hostile.url}/canonical")).url == "http://127.0.0.1/pier"
    assert read_page(FETCHER.fetch(f"{hostile.url}/claims-another")).url == f"{hostile.url}/claims-another"


@pytest.mark.parametrize(
    ("path", "got"),
    [
        ("/to-metadata", "169.254.169.254"),
        ("/to-inside", "::1"),
        ("/to-file", "the scheme 'file'"),
        ("/loop/0", "more"),
        ("/endless", "more"),
        ("/bomb", "more"),
        ("/drip", "less than that"),
        ("/dripping-headers", "less than that"),
        ("/breaks-off", "without sending complete message body"),
        ("/brotli", "'br'"),
        ("/picture", "'image/png'"),
        ("/nothing", "status 404"),
    ],
)
def test_what_holds_up_or_misleads_is_refused_with_its_reason(hostile: HostileServer, path: str, got: str) -> None:
    with pytest.raises(FetchError) as refused:
        FETCHER.fetch(hostile.url + path)
    assert got in refused.value.got


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::ffff:10.0.0.1]/", "http://10.0.0.1/", "http://0.0.0.0/"],
)
def test_a_private_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(FetchError, match="is not on the public internet"):
        Fetcher(max_bytes=1_000, seconds=1.0).fetch(url)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "file:///etc/passwd", "http://", "http://a:b@example.org/", "x"]
)
def test_an_address_that_is_no_public_page_is_refused(url: str) -> None:
    with pytest.raises(FetchError):
        Fetcher(max_bytes=1_000, seconds=1.0).fetch(url)


def test_a_name_whose_address_changes_is_connected_to_the_address_that_was_checked(
    hostile: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is public when it is checked, and private whenever it is asked again."""
    answers = iter(["93.184.216.34"])

    def resolve(host: bytes | str, port: int, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        name = host.decode() if isinstance(host, bytes) else host
        address = next(answers, "127.0.0.1") if name == "changing.example" else name
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    before = len(hostile.asked)
    with pytest.raises(FetchError):
        Fetcher(max_bytes=1_000, seconds=0.5).fetch(f"http://changing.example:{hostile.port}/story")
    assert len(hostile.asked) == before


def test_what_a_site_forbids_programs_is_not_fetched(hostile: HostileServer) -> None:
    hostile.robots = "User-agent: article-assistant\nDisallow: /private/"
    try:
        with pytest.raises(FetchError, match="asks programs not to fetch"):
            FETCHER.fetch(f"{hostile.url}/private/story")
        assert "/private/story" not in hostile.asked
        assert FETCHER.fetch(f"{hostile.url}/story").content
    finally:
        hostile.robots = ""
