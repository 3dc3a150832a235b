"""The seed format: a dataset's header of four lines, a blank line, and the article.

    line 1    the URL that the article was read from
    line 2    an integer that the dataset does not document
    line 3    an integer: the number of paragraphs
    line 4    the source, such as Reuters
    line 5    blank
    line 6 …  the article, its paragraphs parted by blank lines

Both integers are kept, as metadata ``seed_line_2`` and ``seed_line_3``, and nothing is concluded from them. The title
is not in the file; where the URL has a readable slug, it is made from that, and ``title_derived_from`` says so.
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
    """Whether the text has the header of the seed format."""
    header = _HEADER.match(normalise_line_ends(text[:4096]))
    return header is not None and is_web_address(header["url"])


def parse(text: str) -> ParsedArticle:
    """The article below the header; a text without one is the article itself."""
    text = normalise_line_ends(text)
    header = _HEADER.match(text)
    if header is None:
        return ParsedArticle(text)
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
    """The words of the URL's slug, each in the case that the body uses; None when no part of the path is a slug.

    The slug is the part of the path with most words, three at least. A word takes the form that it has most often
    inside the body's sentences, where a capital means a name ("russia" → "Russia", "us" → "US"); others stay small.
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
