from pathlib import Path

import pytest

from assistant.sources import read_bytes
from assistant.sources.seed import is_seed, title_from_slug
from embeddings.errors import InvalidInput
from embeddings.text.article import Article

URL = "https://news.example/world/us-opens-talks-with-russia/story/6cf02fea"
SEED = f"{URL}\n7\n2\nReuters\n\nOn Monday the US, Russia and others met. It gave us hope.\n\nThe US was pleased.\n"


def read(text: str, name: str = "article.txt") -> Article:
    return read_bytes(text.encode(), name=name, max_bytes=10_000)


def test_the_text_is_exactly_the_body() -> None:
    assert read(SEED).text == SEED.split("Reuters\n\n")[1]


def test_the_header_becomes_metadata() -> None:
    article = read(SEED)
    assert (article.url, article.source, article.published) == (URL, "Reuters", None)
    assert (article.metadata["seed_line_2"], article.metadata["seed_line_3"]) == (7, 2)


def test_the_title_is_made_from_the_slug_and_the_metadata_says_so() -> None:
    article = read(SEED)
    assert article.title == "US opens talks with Russia"
    assert article.metadata["title_derived_from"] == "url slug"


def test_the_shipped_article_gets_the_title_that_an_editor_would_write() -> None:
    path = next((Path(__file__).parents[3] / "seeds").glob("000_*.txt"))
    article = read_bytes(path.read_bytes(), name=path.name, max_bytes=10_000)
    assert article.title == "US ends talks with Russia on trying to halt violence in Syria"
    assert article.text.startswith("The US has broken off talks")


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://a.example/2016/10/mayor-opens-new-bridge.html", "Mayor opens new bridge"),
        ("https://a.example/mayor-opens-new-bridge-idUSKCN1231", "Mayor opens new bridge"),
        ("https://a.example/mayor_opens_20_bridges?page=2", "Mayor opens 20 bridges"),
        ("https://a.example/%C3%A9mile-opens-bridge", "Émile opens bridge"),
        ("https://a.example/news-story/6cf02fea-5007-8c0a-c5db", None),
        ("https://a.example", None),
    ],
)
def test_the_slug_is_the_part_of_the_path_with_most_words(url: str, title: str | None) -> None:
    assert title_from_slug(url, "") == title


def test_words_have_the_case_that_they_have_within_sentences() -> None:
    body = "Talks began. He said talks with NATO and Bashar al-Assad would go on, Talks or not, as talks do."
    assert title_from_slug("https://a.example/nato-and-assad-begin-talks", body) == "NATO and Assad begin talks"


def test_a_slug_without_words_leaves_the_title_to_the_first_line() -> None:
    article = read(SEED.replace(URL, "https://news.example/6cf02fea"))
    assert article.metadata["title_derived_from"] == "first line"


def test_windows_line_ends_make_no_difference() -> None:
    assert read(SEED.replace("\n", "\r\n")).text == read(SEED).text


@pytest.mark.parametrize(
    "text",
    [
        SEED.replace("\n7\n", "\nseven\n"),
        SEED.replace("\n\nOn", "\nOn", 1),
        SEED.replace(URL, "not a url"),
        SEED.replace(URL, "https://[news.example"),
        SEED[1:],
        URL,
        "",
    ],
)
def test_a_text_without_the_whole_header_is_not_in_the_format(text: str) -> None:
    assert is_seed(SEED)
    assert not is_seed(text)


def test_the_format_is_detected_by_content() -> None:
    assert read(SEED, "000_074b9eef.dat").source == "Reuters"


def test_a_header_without_an_article_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no text"):
        read(f"{URL}\n7\n0\nReuters\n\n\n")
