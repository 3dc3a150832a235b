"""The fetcher against a real server on loopback, which it may read, so that each page is refused for its own reason."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.errors import (
    AddressRefused,
    FetchError,
    FetchTooLarge,
    FetchTooSlow,
    PageGone,
    PageKindUnknown,
    RobotsRefused,
    ServerFailed,
    TooManyRedirects,
    UnknownKind,
)
from assistant.sources import read_page
from assistant.web.fetch import Fetcher
from assistant.web.public_network import Resolve, is_public
from tests.assistant.web.hostile_server import ETAG, MODIFIED, HostileServer, hostile_server

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
    ("path", "kind", "got"),
    [
        ("/to-metadata", AddressRefused, "169.254.169.254"),
        ("/to-inside", AddressRefused, "::1"),
        ("/to-file", AddressRefused, "the scheme 'file'"),
        ("/loop/0", TooManyRedirects, "more"),
        ("/endless", FetchTooLarge, "more"),
        ("/promises-much", FetchTooLarge, "9,000,000,000 bytes"),
        ("/bomb", FetchTooLarge, "more, unpacked"),
        ("/drip", FetchTooSlow, "less than that"),
        ("/dripping-headers", FetchTooSlow, "less than that"),
        ("/breaks-off", ServerFailed, "without sending complete message body"),
        ("/not-zipped", ServerFailed, "incorrect header check"),
        ("/broken", ServerFailed, "status 500"),
        ("/nothing", PageGone, "status 404"),
        ("/gone", PageGone, "status 410"),
        ("/brotli", PageKindUnknown, "'br'"),
        ("/picture", PageKindUnknown, "'image/png'"),
        ("/feed", PageKindUnknown, "'application/rss+xml'"),
    ],
)
def test_what_holds_up_or_misleads_is_refused_with_its_reason_within_its_limit(
    hostile: HostileServer, path: str, kind: type[FetchError], got: str
) -> None:
    before = time.monotonic()
    with pytest.raises(FetchError) as refused:
        FETCHER.fetch(hostile.url + path)
    assert type(refused.value) is kind
    assert got in refused.value.got
    assert time.monotonic() - before < 5 * FETCHER.seconds  # on a machine that others use


def test_bytes_that_are_no_text_are_refused_whatever_their_charset(hostile: HostileServer) -> None:
    with pytest.raises(UnknownKind, match="bytes that are no text"):
        read_page(FETCHER.fetch(f"{hostile.url}/no-text"))


def test_a_charset_that_takes_long_to_decode_is_not_believed(hostile: HostileServer) -> None:
    assert "Lindholm" in read_page(FETCHER.fetch(f"{hostile.url}/hostile-charset")).text


def test_bytes_beyond_the_length_of_a_reply_are_not_read(hostile: HostileServer) -> None:
    assert "smuggled" not in read_page(FETCHER.fetch(f"{hostile.url}/too-long")).text


@pytest.mark.parametrize("path", ["/validated", "/moved-validated"])
def test_a_page_that_has_not_changed_is_not_sent_again(hostile: HostileServer, path: str) -> None:
    page = FETCHER.fetch(hostile.url + path)
    assert page.validators == (f"{hostile.url}/validated", ETAG, MODIFIED)
    assert FETCHER.fetch_changed(hostile.url + path, page.validators) is None
    assert FETCHER.fetch_changed(f"{hostile.url}/story", page.validators) is not None


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::ffff:10.0.0.1]/", "http://10.0.0.1/", "http://0.0.0.0/"],
)
def test_a_private_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(AddressRefused, match="is not on the public internet"):
        Fetcher(max_bytes=1_000, seconds=1.0).fetch(url)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "file:///etc/passwd", "http://", "http://a:b@example.org/", "x"]
)
def test_an_address_that_is_no_public_page_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        Fetcher(max_bytes=1_000, seconds=1.0).fetch(url)


def test_a_name_whose_address_changes_is_connected_to_the_address_that_was_checked(hostile: HostileServer) -> None:
    """The server listens on 127.0.0.1 alone, to which the name leads only when it is asked again."""
    name = "changing.example"
    changing = Fetcher(1_000, 1.0, (name,), resolver({name: [["127.0.0.2"], ["127.0.0.1"]]}))
    before = len(hostile.asked)
    with pytest.raises(ServerFailed):
        changing.fetch(f"http://{name}:{hostile.port}/story")
    assert len(hostile.asked) == before


def test_a_name_that_turns_private_is_refused_when_a_redirect_leads_to_it(hostile: HostileServer) -> None:
    answers = {"127.0.0.1": [["127.0.0.1"]] * 2, "changing.example": [["127.0.0.1"]]}
    before = len(hostile.asked)
    with pytest.raises(AddressRefused, match=r"changing\.example is not on the public internet"):
        Fetcher(100_000, 1.0, ("127.0.0.1",), resolver(answers)).fetch(f"{hostile.url}/hop")
    assert hostile.asked[before:] == ["/robots.txt", "/hop"]


def test_a_name_is_refused_if_one_of_its_addresses_is_private(hostile: HostileServer) -> None:
    with pytest.raises(AddressRefused, match=r"got the address 10\.0\.0\.1"):
        Fetcher(1_000, 1.0, (), resolver({"both.example": [["8.8.8.8", "10.0.0.1"]]})).fetch("http://both.example/")


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:a00:1::",
        "fc00::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_addresses_that_are_not_public_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


def resolver(answers: dict[str, list[list[str]]]) -> Resolve:
    """A resolver that gives each name its answers one after the other."""
    left = {name: iter(each) for name, each in answers.items()}

    async def resolve(host: str, port: int) -> list[str]:
        return next(left[host])

    return resolve


@pytest.mark.parametrize(
    "rules",
    ["User-agent: article-assistant\nDisallow: /private/", "User-agent: *\nDisallow: /*/story$"],
)
def test_what_a_site_forbids_programs_is_not_fetched(hostile: HostileServer, rules: str) -> None:
    hostile.robots = rules
    fetcher = replace(FETCHER)  # which has read no rules yet
    try:
        with pytest.raises(RobotsRefused, match="asks programs not to fetch"):
            fetcher.fetch(f"{hostile.url}/private/story")
        assert "/private/story" not in hostile.asked
        assert fetcher.fetch(f"{hostile.url}/story").content
    finally:
        hostile.robots = ""


def test_the_rules_of_a_site_are_read_once_by_a_fetcher(hostile: HostileServer) -> None:
    fetcher, before = replace(FETCHER), len(hostile.asked)
    for path in ("/story", "/latin", "/moved"):
        fetcher.fetch(hostile.url + path)
    assert hostile.asked[before:].count("/robots.txt") == 1
