"""References to an article: its id, its title, or a file that need not be in the library."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import Settings
from assistant.sources import read_file
from embeddings.errors import ArticleNotFound, InvalidInput
from embeddings.text.article import Article, Entry

if TYPE_CHECKING:
    from embeddings.library import Library

_NAMED = 5  # articles with the same title that an error names


def find_article(reference: str | Path | Article, library: "Library", settings: Settings) -> Entry:
    """Return the article that is meant, with its text if it is not one of the library.

    Raises:
        ArticleNotFound: it is no id, file or title, nor words of one title.
        InvalidInput: several articles have the title.
        SourceError, InvalidInput, TookTooLong: the file cannot be read.
    """
    if isinstance(reference, Article):
        return reference
    if isinstance(reference, str):
        with suppress(ArticleNotFound):
            return library.entry(reference).article
    if isinstance(reference, Path) or _is_file(reference):
        return read_file(Path(reference), max_bytes=settings.max_article_bytes, seconds=settings.reading_seconds)
    return _titled(reference, library)


def _titled(title: str, library: "Library") -> Entry:
    words = title.casefold().split()
    if not words:
        raise ArticleNotFound(title)
    entries, _ = library.entries(200, query=title)
    found = [one.article for one in entries if all(word in one.article.title.casefold() for word in words)]
    named = [one for one in found if one.title.casefold().split() == words] or found
    if not named:
        raise ArticleNotFound(title)
    if len(named) > 1:
        raise InvalidInput(
            "The title is that of several articles.",
            expected="the id of one of them",
            got=", ".join(f"{one.id} ({one.title[:60]})" for one in named[:_NAMED]),
            hint="`assistant list --query WORDS` lists them with their ids.",
        )
    return named[0]


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # no name that a file can have
        return False
