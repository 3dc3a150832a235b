"""What a suite is given: how to open an assistant, where the data is, how much of it to take."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, Protocol, TypeVar

import embeddings
from assistant.answer import Answer, Passage
from assistant.request import Message
from embeddings.encoder import Encoder
from embeddings.filters import Filters
from embeddings.outcome import Outcome
from embeddings.retrieval.search import Hit
from embeddings.text.article import Article
from evals.data.collection import Folder, fingerprint, sample

T = TypeVar("T")
Stage = Literal["dense", "bm25", "fused"]
STAGES: tuple[Stage, ...] = ("dense", "bm25", "fused")


class Finder(Protocol):
    """The part of a library that is measured."""

    @property
    def encoder(self) -> Encoder:
        """The encoder of the vectors."""

    def add(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Take articles in, one outcome each."""

    def search(self, query: str, top_k: int = 8, filters: Filters | None = None, by: Stage = "fused") -> list[Hit]:
        """The best passages by one stage."""


class Subject(Protocol):
    """The part of an assistant that is measured: a wrapper with this face can be measured in its place."""

    @property
    def library(self) -> Finder:
        """What it searches."""

    def add(self, *paths: str | Path) -> list[Outcome]:
        """Take files in."""

    def ask(
        self,
        question: str,
        *,
        top_k: int = 8,
        filters: Filters | None = None,
        history: Sequence[Message] | None = None,
    ) -> Answer:
        """Answer or abstain."""

    def search(self, query: str, *, top_k: int = 8, filters: Filters | None = None) -> list[Passage]:
        """The passages that a user is shown."""

    def get(self, article_id: str) -> Article:
        """An article as it is held."""

    def close(self) -> None:
        """Give up the library."""


class Track(Protocol):
    """Passes items on while it shows how far it is."""

    def __call__(self, items: Iterable[T], label: str, total: int) -> Iterable[T]:
        """The same items in the same order."""


def silent(items: Iterable[T], label: str, total: int) -> Iterable[T]:  # noqa: ARG001  the face of Track
    """Show nothing."""
    return items


@dataclass(frozen=True)
class Context:
    """Everything that a suite may depend on besides its data.

    ``open`` makes an assistant on a library folder. ``open_bold`` makes one that accepts any risk: what it answers is
    what the other would have said where it abstains. ``configuration`` names encoder, calibration and settings, and is
    part of what a baseline and a cached library are keyed by.
    """

    open: Callable[[Path], Subject]
    open_bold: Callable[[Path], Subject]
    workplace: Path
    data: Path | None = None
    full: bool = False
    questions: Path | None = None
    library: Path | None = None
    configuration: dict[str, str] = field(default_factory=dict)
    track: Track = silent

    def folder(self) -> Folder:
        """The data folder, noting what is read from it."""
        return Folder(self.data)

    def sample(self, items: Sequence[T], most: int) -> list[T]:
        """A fixed sample of at most ``most`` items; every item in a full run."""
        return sample(items, None if self.full else most)

    def described(self, taken: int, total: int, what: str) -> str:
        """How much was taken, in words."""
        return f"all {total:,} {what}" if taken == total else f"a fixed sample of {taken:,} of {total:,} {what}"

    @contextmanager
    def fresh(self, name: str) -> Iterator["Opened"]:
        """An assistant on an empty library, which stays until the next run so that links into it can be opened."""
        shutil.rmtree(self.place(name), ignore_errors=True)
        with closing(Opened(self, self.place(name))) as opened:
            yield opened

    @contextmanager
    def holding(self, name: str, articles: Sequence[Article]) -> Iterator["Opened"]:
        """An assistant on a library of these articles, encoded once for the same articles, encoder and code."""
        texts = [f"{article.id} {article.revision} {article.title} {article.published}" for article in articles]
        key = fingerprint([self.configuration.get("encoder", ""), _code(), *texts])
        place = self.place(f"{name}-{key}")
        done = place / "complete"
        if not done.is_file():
            shutil.rmtree(place, ignore_errors=True)
        with closing(Opened(self, place)) as opened:
            if not done.is_file():
                for _ in self.track(opened.subject.library.add(articles), f"{name}: encoding articles", len(articles)):
                    pass
                done.touch()
            yield opened

    def place(self, name: str) -> Path:
        """The folder of a library by name."""
        return self.workplace / name


class Opened:
    """The assistant that is measured, on a library of its own, and its bold twin, opened when it is first asked."""

    def __init__(self, context: Context, place: Path) -> None:
        self.subject = context.open(place)
        self.place = place
        self._context = context

    @cached_property
    def bold(self) -> Subject:
        """The same assistant on the same library, accepting any risk."""
        return self._context.open_bold(self.place)

    def close(self) -> None:
        """Give up the library."""
        self.subject.close()
        if "bold" in self.__dict__:
            self.bold.close()


@cache
def _code() -> str:
    """Changes with the code that turns articles into vectors: an old library must not be measured for new code."""
    folder = Path(next(iter(embeddings.__path__)))
    return fingerprint(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
