"""The seed format: a header of four lines, a blank line, and the article.

    line 1    the URL that the article was read from
    line 2    an integer that the dataset does not document
    line 3    an integer: the number of paragraphs
    line 4    the source, such as Reuters
    line 5    blank
    line 6 …  the article, with blank lines between paragraphs

Both integers are kept as metadata ``seed_line_2`` and ``seed_line_3`` and are not used. The file has no title: if the
URL has a readable slug, the title is derived from it, and metadata ``title_derived_from`` says so.
"""

import re
from collections import Counter, defaultdict
from urllib.parse import unquote, urlsplit

from assistant.sources.parsed_article import ParsedArticle, is_web_address
from embeddings.text.article import normalise_line_ends

_HEADER = re.compile(
    r"\A(?P<url>https?://\S+)[ \t]*\n(?P<two>[0-9]{1,9})[ \t]*\n(?P<three>[0-9]{1,9})[ \t]*\n"
    r"(?P<source>\S[^\n]{0,79})\n[ \t]*\n"
)
_MID_SENTENCE_WORD = re.compile(r"(?<=[\w,;][ \n-])[^\W_]+")
_ARTICLE_NUMBER = re.compile(r"[-_](?=[^\W_]*[0-9])[^\W_]{5,}$")


def is_seed(text: str) -> bool:
    """True if the text has the header of the seed format."""
    header = _HEADER.match(normalise_line_ends(text[:4096]))
    return header is not None and is_web_address(header["url"])


def parse(text: str) -> ParsedArticle:
    """Parse a file in the seed format; a text without the header is all article."""
    text = normalise_line_ends(text)
    header = _HEADER.match(text)
    if header is None:
        return ParsedArticle(text, is_plain=True)
    body = text[header.end() :]
    title = title_from_slug(header["url"], body)
    return ParsedArticle(
        body,
        title=title,
        url=header["url"],
        source=header["source"],
        metadata={
            "seed_line_2": int(header["two"]),
            "seed_line_3": int(header["three"]),
            **({"title_derived_from": "url slug"} if title else {}),
        },
    )


def title_from_slug(url: str, body: str) -> str | None:
    """Derive a title from the URL's slug, with the body's capitalisation; None if no part of the path is a slug.

    The slug is the part of the path with the most words, at least three. A word gets the form that is most frequent
    within the body's sentences, where a capital marks a name ("russia" → "Russia", "us" → "US"); others stay small.
    """
    parts = [_ARTICLE_NUMBER.sub("", part.rsplit(".", 1)[0]) for part in unquote(urlsplit(url).path).split("/")]
    slug = max((re.split(r"[-_+ ]+", part) for part in parts), key=lambda words: sum(map(str.isalpha, words)))
    if sum(map(str.isalpha, slug)) < 3:
        return None
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for word in _MID_SENTENCE_WORD.findall(body):
        forms[word.lower()][word] += 1
    words = [forms[word.lower()].most_common(1)[0][0] if word.lower() in forms else word for word in slug if word]
    title = " ".join(words)
    return title[0].upper() + title[1:]
