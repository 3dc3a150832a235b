"""The operations of the crash benchmark, and what must be in the library after a crash."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from random import Random
from typing import Literal, NamedTuple

from embeddings.library import Library
from embeddings.text.article import Article, Entry

ARTICLES = 300  # places; every article that is written is a version of one of them
MAX_CHANGED = 40  # places in one operation
WORDS = ["".join(Random(i).choices("aeioulmnrst", k=6)) for i in range(400)]  # noqa: S311  nothing is secret

Kind = Literal["add", "remove one", "remove many"]
Versions = Mapping[int, int | None]
"""The version at each place, or None if there is no article."""


def unique_word(place: int, version: int) -> str:
    """Return a word that occurs in this version only."""
    return f"place{place}version{version}"


@lru_cache(maxsize=4096)
def make_article(place: int, version: int) -> Article:
    """Return the article at a place in a version, which is the same in every process."""
    random = Random(f"{place} {version}")  # noqa: S311
    sentences = [" ".join(random.choices(WORDS, k=12)).capitalize() + "." for _ in range(random.randint(1, 30))]
    sentences.insert(len(sentences) // 2, f"Here stands {unique_word(place, version)}.")
    return Article.create(
        "\n\n".join(sentences),
        title=f"Place {place}, version {version}",
        path=f"{place}",
        metadata={"place": place, "version": version},
    )


def version_of(article: Entry) -> tuple[int, int]:
    """Return an article's place and version."""
    place, version = article.metadata["place"], article.metadata["version"]
    assert isinstance(place, int) and isinstance(version, int)  # noqa: S101, PT018  for the types
    return place, version


class Operation(NamedTuple):
    """A call of the library, and the versions that it writes."""

    kind: Kind
    change: Versions

    @classmethod
    def choose(cls, random: Random, stored: Versions, version: int) -> "Operation":
        """Return a random operation: to add or replace articles, or to remove one or many of those stored."""
        present = [place for place, current in stored.items() if current is not None]
        kind: Kind = random.choices(("add", "remove one", "remove many"), (4, 1, 1))[0] if present else "add"
        places = range(ARTICLES) if kind == "add" else present
        count = 1 if kind == "remove one" else random.randint(1, MAX_CHANGED)
        changed = random.sample(places, min(count, len(places)))
        return cls(kind, dict.fromkeys(changed, version if kind == "add" else None))

    def perform(self, library: Library) -> Iterator[Versions]:
        """Perform the operation and yield each change when it is confirmed: an added article, or a whole removal."""
        if self.kind == "add":
            articles = [make_article(place, version) for place, version in self.change.items() if version is not None]
            for article, outcome in zip(articles, library.add(articles), strict=True):
                assert (outcome.article_id, outcome.reason) == (article.id, None), outcome  # noqa: S101
                yield dict([version_of(article)])
        else:
            library.remove(*(make_article(place, 0).id for place in self.change))
            yield self.change


class Expected:
    """What must be in the library: everything that was confirmed.

    Of the operation in progress, any of the added articles may be in it already; a removal is done entirely or not at
    all.
    """

    def __init__(self) -> None:
        self.stored: dict[int, int | None] = dict.fromkeys(range(ARTICLES))
        self.in_progress: Operation | None = None
        self._confirmed = set[int]()

    def begin(self, operation: Operation) -> None:
        """Note that an operation may be performed from now on."""
        self.in_progress, self._confirmed = operation, set()

    def confirm(self, change: Versions) -> None:
        """Note that a change was confirmed."""
        self.stored |= change
        self._confirmed |= change.keys()
        if self.in_progress and self._confirmed == self.in_progress.change.keys():
            self.in_progress = None

    def compare(self, found: Versions) -> Iterator[str]:
        """Yield the differences from what must be there, and expect what was found from then on."""
        unconfirmed: Versions = {}
        if self.in_progress:
            unconfirmed = {
                place: version for place, version in self.in_progress.change.items() if place not in self._confirmed
            }
        for place, version in self.stored.items():
            if found.get(place) not in {version, unconfirmed.get(place, version)}:
                yield f"place {place} holds version {found.get(place)}, not {version}"
        is_done = {found.get(p) == version for p, version in unconfirmed.items() if self.stored[p] != version}
        if self.in_progress and self.in_progress.kind == "remove many" and len(is_done) > 1:
            yield "a removal of many was done in part"
        self.stored = dict.fromkeys(range(ARTICLES)) | dict(found)
        self.in_progress = None
