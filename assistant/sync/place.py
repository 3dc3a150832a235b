"""Places of articles: what a listing of a folder, a feed, a sitemap or a list of addresses has."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import NamedTuple

from assistant.sources.records import Record
from embeddings.outcome import Outcome
from embeddings.storage.origins import KnownArticle


class PlaceReading(NamedTuple):
    """The articles of a place, and the stamp by which the next sync tells whether the place has changed."""

    stamp: str
    records: Iterable[Record]


@dataclass(frozen=True)
class Place:
    """A file, a page or an entry of a feed.

    ``version`` is the first line of its stamp: what the listing says of it, and so without reading it; empty if it says
    nothing. ``read`` is given the stamp of the last sync, and returns None if the place has not changed since.
    """

    name: str
    version: str
    read: Callable[[str], PlaceReading | None]

    def is_unchanged(self, stamp: str) -> bool:
        """Return True if the listing alone tells that the place has not changed since it had this stamp."""
        return bool(self.version) and stamp.partition("\n")[0] == self.version


@dataclass(frozen=True)
class PlaceListing:
    """The places of a source, and what was skipped while they were listed.

    ``has_lost`` tells of an article whose place is not listed whether it is gone. ``root`` is what the names of all
    places begin with and patterns do not.
    """

    source: str
    places: Collection[Place]
    skipped: Iterable[Outcome] = ()
    has_lost: Callable[[KnownArticle], bool] = lambda _: True
    root: str = ""


@dataclass(frozen=True)
class Selection:
    """The places that a sync is about: those that a pattern includes, or all, without those that one excludes.

    A pattern is compared with the whole path below the folder or the whole address; its ``*`` may stand for slashes.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    root: str = field(default="", kw_only=True)

    def has(self, name: str) -> bool:
        """Return True if a sync is about the place with this name."""
        below = name.removeprefix(self.root)
        included = not self.include or any(fnmatchcase(below, pattern) for pattern in self.include)
        return included and not any(fnmatchcase(below, pattern) for pattern in self.exclude)
