"""What a process that is going to be killed writes into a library, and what must be found there afterwards."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from random import Random
from typing import Literal, NamedTuple

from embeddings.library import Library
from embeddings.text.article import Article, Entry

ARTICLES = 300  # places; what is written is a version of one of them
MOST = 40  # of them in one operation
WORDS = ["".join(Random(i).choices("aeioulmnrst", k=6)) for i in range(400)]  # noqa: S311  nothing is secret

Kind = Literal["add", "remove one", "remove many"]
Versions = Mapping[int, int | None]  # by place; None: nothing is there


def word(place: int, version: int) -> str:
    """A word that stands in this version alone."""
    return f"place{place}version{version}"


@lru_cache(maxsize=4096)
def written(place: int, version: int) -> Article:
    """An article that follows from its place and its version."""
    choose = Random(f"{place} {version}")  # noqa: S311
    sentences = [" ".join(choose.choices(WORDS, k=12)).capitalize() + "." for _ in range(choose.randint(1, 30))]
    sentences.insert(len(sentences) // 2, f"Here stands {word(place, version)}.")
    return Article.create(
        "\n\n".join(sentences),
        title=f"Place {place}, version {version}",
        path=f"{place}",
        metadata={"place": place, "version": version},
    )


def version_of(article: Entry) -> tuple[int, int]:
    """The place of an article and its version."""
    place, version = article.metadata["place"], article.metadata["version"]
    assert isinstance(place, int) and isinstance(version, int)  # noqa: S101, PT018  for the types
    return place, version


class Operation(NamedTuple):
    """One call to the library, and what it leaves behind."""

    kind: Kind
    change: Versions

    @classmethod
    def chosen(cls, choose: Random, here: Versions, version: int) -> "Operation":
        """Any one that is possible: some are added, some are replaced, one is removed, or many are."""
        present = [place for place, there in here.items() if there is not None]
        kind: Kind = choose.choices(("add", "remove one", "remove many"), (4, 1, 1))[0] if present else "add"
        places = range(ARTICLES) if kind == "add" else present
        many = 1 if kind == "remove one" else choose.randint(1, MOST)
        changed = choose.sample(places, min(many, len(places)))
        return cls(kind, dict.fromkeys(changed, version if kind == "add" else None))

    def performed(self, library: Library) -> Iterator[Versions]:
        """What was confirmed, as it is: each article that is added, and a removal as a whole."""
        if self.kind == "add":
            articles = [written(place, version) for place, version in self.change.items() if version is not None]
            for article, outcome in zip(articles, library.add(articles), strict=True):
                assert (outcome.article_id, outcome.reason) == (article.id, None), outcome  # noqa: S101
                yield dict([version_of(article)])
        else:
            library.remove(*(written(place, 0).id for place in self.change))
            yield self.change


class Expected:
    """What was confirmed must be there, and of what was begun each article or, of a removal, all or nothing."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.here: dict[int, int | None] = dict.fromkeys(range(ARTICLES))
        self.begun: Operation | None = None
        self._confirmed = set[int]()

    def begin(self, operation: Operation) -> None:
        """It may be done from now on."""
        self.begun, self._confirmed = operation, set()

    def confirm(self, change: Versions) -> None:
        """It was said to be done."""
        self.here |= change
        self._confirmed |= change.keys()
        if self.begun and self._confirmed == self.begun.change.keys():
            self.begun = None

    def settle(self, found: Versions) -> Iterator[str]:
        """What is wrong with what was found; from then on that is what must be there."""
        open_: Versions = {}
        if self.begun:
            open_ = {place: to for place, to in self.begun.change.items() if place not in self._confirmed}
        for place, confirmed in self.here.items():
            if found.get(place) not in {confirmed, open_.get(place, confirmed)}:
                yield f"place {place} holds version {found.get(place)}, not {confirmed}"
        done = {found.get(place) == to for place, to in open_.items() if self.here[place] != to}
        if self.begun and self.begun.kind == "remove many" and len(done) > 1:
            yield "a removal of many was done in part"
        self.here = dict.fromkeys(range(ARTICLES)) | dict(found)
        self.begun = None
