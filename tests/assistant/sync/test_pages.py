"""Feeds, sitemaps and lists of addresses in step, from a real server on loopback."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from assistant import Assistant
from assistant.errors import MalformedSource, ServerFailed
from assistant.settings import Settings
from embeddings.library import Library
from tests.hashed_words import HashedWords

MAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
FEED = "<rss version='2.0'><channel><title>Lindholm Courier</title>{}</channel></rss>"


class Site:
    """Pages by path, each with its media type; a page may also be a status. ``asked`` are the paths of full replies."""

    def __init__(self) -> None:
        self.pages: dict[str, str | int] = {}
        self.asked: list[str] = []
        self.url = ""

    def story(self, name: str, text: str) -> str:
        self.pages[f"/{name}"] = f"<html><head><title>{name}</title></head><body><p>{text}</p></body></html>"
        return f"{self.url}/{name}"

    def sitemap(self, *urls: str, changed: str = "") -> None:
        entries = (f"<url><loc>{url}</loc><lastmod>{changed}</lastmod></url>" for url in urls)
        self.pages["/sitemap.xml"] = MAP.format("".join(entries))


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(self.path, 404)
            content = b"" if isinstance(page, int) else page.encode()
            tag = f'"{hash(page)}"'
            status = page if isinstance(page, int) else 304 if self.headers["If-None-Match"] == tag else 200
            if status == 200:
                site.asked.append(self.path)
            self.send_response(status)
            kinds = {".xml": "application/xml", ".txt": "text/plain"}
            headers = {"Content-Type": kinds.get(self.path[-4:], "text/html"), "ETag": tag}
            headers["Content-Length"] = str(len(content) if status == 200 else 0)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content if status == 200 else b"")

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield site
        server.shutdown()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant(Library.open(tmp_path / "library", HashedWords()), Settings(private_hosts="127.0.0.1")) as assistant:
        yield assistant


def sync(assistant: Assistant, source: object) -> dict[str, int]:
    return dict(Counter(one.status for one in assistant.sync(str(source))))


def test_the_pages_of_a_sitemap_are_in_step_and_unchanged_ones_are_not_sent_again(
    assistant: Assistant, site: Site
) -> None:
    pier, choir = site.story("pier", "The pier was rebuilt."), site.story("choir", "The choir sang.")
    site.sitemap(pier, choir)
    assert sync(assistant, f"{site.url}/sitemap.xml") == {"added": 2}
    site.asked.clear()
    assert sync(assistant, f"{site.url}/sitemap.xml") == {"unchanged": 2}
    assert site.asked == ["/sitemap.xml"]
    site.story("pier", "The pier was rebuilt in oak.")
    site.sitemap(pier)
    assert sync(assistant, f"{site.url}/sitemap.xml") == {"replaced": 1, "removed": 1}


def test_a_page_whose_day_of_change_is_the_same_is_not_asked_for(assistant: Assistant, site: Site) -> None:
    site.sitemap(site.story("pier", "The pier was rebuilt."), changed="2026-01-01")
    sync(assistant, f"{site.url}/sitemap.xml")
    site.pages["/pier"] = 500
    assert sync(assistant, f"{site.url}/sitemap.xml") == {"unchanged": 1}


def test_while_a_server_fails_nothing_is_removed(assistant: Assistant, site: Site) -> None:
    site.sitemap(site.story("pier", "The pier was rebuilt."))
    sync(assistant, f"{site.url}/sitemap.xml")
    site.pages["/pier"] = 500
    assert sync(assistant, f"{site.url}/sitemap.xml") == {"skipped": 1}
    site.pages["/sitemap.xml"] = 503
    with pytest.raises(ServerFailed):
        sync(assistant, f"{site.url}/sitemap.xml")
    site.pages["/sitemap.xml"] = MAP.format("")
    with pytest.raises(MalformedSource):
        sync(assistant, f"{site.url}/sitemap.xml")
    assert len(assistant.articles()[0]) == 1


def test_a_page_that_is_gone_is_removed(assistant: Assistant, site: Site) -> None:
    site.sitemap(site.story("pier", "The pier was rebuilt."))
    sync(assistant, f"{site.url}/sitemap.xml")
    site.pages["/pier"] = 410
    assert sync(assistant, f"{site.url}/sitemap.xml") == {"removed": 1}


def test_an_index_leads_to_its_sitemaps_and_loses_nothing_while_one_of_them_fails(
    assistant: Assistant, site: Site
) -> None:
    site.sitemap(site.story("pier", "The pier was rebuilt."))
    site.pages["/index.xml"] = INDEX.format(
        "".join(f"<sitemap><loc>{site.url}/{name}.xml</loc></sitemap>" for name in ("sitemap", "more"))
    )
    site.pages["/more.xml"] = MAP.format(f"<url><loc>{site.story('choir', 'The choir sang.')}</loc></url>")
    assert sync(assistant, f"{site.url}/index.xml") == {"added": 2}
    site.pages["/more.xml"] = 500
    assert sync(assistant, f"{site.url}/index.xml") == {"unchanged": 1, "skipped": 1}
    assert len(assistant.articles()[0]) == 2


def test_the_addresses_in_a_file_are_in_step(assistant: Assistant, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "addresses.txt"
    urls = [site.story("pier", "The pier was rebuilt."), site.story("choir", "The choir sang.")]
    file.write_text("# news\n" + "\n".join(urls))
    assert sync(assistant, file) == {"added": 2}
    file.write_text(urls[0])
    assert sync(assistant, file) == {"unchanged": 1, "removed": 1}


def item(site: Site, name: str, day: int, text: str = "") -> str:
    """An entry of a feed, whole if it has a text."""
    whole = f"<encoded xmlns='http://purl.org/rss/1.0/modules/content/'>{text}</encoded>" if text else ""
    date = f"{day:02} Jan 2026 08:00:00 GMT"
    return f"<item><title>{name}</title><link>{site.url}/{name}</link><pubDate>{date}</pubDate>{whole}</item>"


def test_entries_of_a_feed_are_articles_and_a_page_is_fetched_only_for_a_summary(
    assistant: Assistant, site: Site
) -> None:
    site.story("choir", "The choir sang.")
    site.pages["/feed.xml"] = FEED.format(item(site, "pier", 1, "The pier was rebuilt.") + item(site, "choir", 2))
    assert sync(assistant, f"{site.url}/feed.xml") == {"added": 2}
    assert site.asked == ["/feed.xml", "/choir"]
    assert sorted(one.text for one in assistant.articles()[0]) == ["The choir sang.", "The pier was rebuilt."]
    assert sync(assistant, f"{site.url}/feed.xml") == {"unchanged": 2}


def test_an_entry_that_ages_out_of_a_feed_is_kept_and_one_that_is_withdrawn_is_removed(
    assistant: Assistant, site: Site
) -> None:
    old, middle, new = (item(site, name, day, f"The {name} opened.") for day, name in enumerate(["a", "b", "c"], 1))
    site.pages["/feed.xml"] = FEED.format(new + middle + old)
    assert sync(assistant, f"{site.url}/feed.xml") == {"added": 3}
    site.pages["/feed.xml"] = FEED.format(new + middle)
    assert sync(assistant, f"{site.url}/feed.xml") == {"unchanged": 2}
    site.pages["/feed.xml"] = FEED.format(middle)
    assert sync(assistant, f"{site.url}/feed.xml") == {"unchanged": 1, "removed": 1}
