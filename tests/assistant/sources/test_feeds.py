"""Feeds: every entry is an article."""

import json
from pathlib import Path

import pytest

from assistant.sources.records import Record, read_records

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Lindholm Courier</title><item><title>Pier to be rebuilt</title>
<link>https://courier.example/pier</link><pubDate>Tue, 04 Feb 2025 18:30:00 GMT</pubDate>
<description>In short.</description><content:encoded><![CDATA[<p>The council voted to rebuild the pier.</p>
<p>Work begins in March.</p>]]></content:encoded></item><item><title>Choir</title>
<link>https://courier.example/choir</link><description>&lt;p&gt;The choir sang for 600 guests.&lt;/p&gt;</description>
</item><item><title>Only a link</title><link>https://courier.example/link</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Lindholm Courier</title><entry>
<title>Pier to be rebuilt</title><link href="https://courier.example/pier"/><updated>2025-02-04T18:30:00Z</updated>
<author><name>Tove Dahl</name></author>
<content type="html">&lt;p&gt;The council voted.&lt;/p&gt;</content></entry></feed>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Lindholm Courier",
    "items": [
        {
            "url": "https://courier.example/pier",
            "title": "Pier to be rebuilt",
            "content_text": "The council voted.",
            "date_published": "2025-02-04T18:30:00Z",
            "authors": [{"name": "Tove Dahl"}],
        },
        "no entry",
    ],
}


def records(folder: Path, name: str, text: str) -> list[Record]:
    path = folder / name
    path.write_text(text, "utf-8")
    return list(read_records(path, {}, max_bytes=10_000, seconds=60))


def test_the_entries_of_a_feed_are_articles_with_their_addresses_and_days(tmp_path: Path) -> None:
    pier, choir = (record.article for record in records(tmp_path, "feed.xml", RSS))
    assert pier
    assert choir
    assert (pier.title, pier.url, pier.source) == (
        "Pier to be rebuilt",
        "https://courier.example/pier",
        "Lindholm Courier",
    )
    assert pier.text == "The council voted to rebuild the pier.\n\nWork begins in March."
    assert str(pier.published) == "2025-02-04"
    assert (choir.text, choir.published) == ("The choir sang for 600 guests.", None)


@pytest.mark.parametrize(("name", "text"), [("feed.atom", ATOM), ("feed.json", json.dumps(JSON_FEED))])
def test_atom_and_json_feeds_name_their_authors(tmp_path: Path, name: str, text: str) -> None:
    (record,) = records(tmp_path, name, text)
    assert record.article
    assert (record.article.text, record.article.authors) == ("The council voted.", ("Tove Dahl",))
    assert str(record.article.published) == "2025-02-04"


@pytest.mark.parametrize(
    "text", ["<note>To do</note>", "{}", "[1]", "", '{"items": 3}', "<rss><channel></channel></rss>"]
)
def test_what_is_no_feed_with_texts_is_refused(tmp_path: Path, text: str) -> None:
    (record,) = records(tmp_path, "feed.xml", text)
    assert record.article is None
    assert "has no articles" in str(record.error)
