"""The context of a suite: how to open an assistant, where the data is, and how much of it to use."""

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


class MeasuredLibrary(Protocol):
    """The interface of a library that is measured."""

    @property
    def encoder(self) -> Encoder:
        """The library's encoder."""

    def add(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Add articles and yield an outcome for each."""

    def search(self, query: str, top_k: int = 8, filters: Filters | None = None, by: Stage = "fused") -> list[Hit]:
        """Return the best passages by one stage of retrieval."""


class MeasuredAssistant(Protocol):
    """The interface of an assistant that is measured. A wrapper with it can be measured instead."""

    @property
    def library(self) -> MeasuredLibrary:
        """The assistant's library."""

    def add(self, *paths: str | Path) -> list[Outcome]:
        """Add files."""

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
        """Return the passages that a user would see."""

    def get(self, article_id: str) -> Article:
        """Return an article of the library."""

    def close(self) -> None:
        """Close the library."""


class Track(Protocol):
    """Shows progress while items are iterated over."""

    def __call__(self, items: Iterable[T], label: str, total: int) -> Iterable[T]:
        """Return the same items in the same order."""


def silent(items: Iterable[T], label: str, total: int) -> Iterable[T]:  # noqa: ARG001  the signature of Track
    """Return the items without showing progress."""
    return items


@dataclass(frozen=True)
class Context:
    """What a suite depends on besides its data.

    Attributes:
        open: Opens an assistant on a library's folder.
        open_forced: Opens an assistant that never abstains because of its confidence, which shows what the other would
            have answered.
        cache_folder: Where the suites' libraries and other intermediate results are kept between runs.
        data: The folder with the public data.
        full: Use all questions instead of samples.
        questions: The file with the user's own questions.
        library: The library's folder for those questions.
        configuration: The encoder, calibration and settings. Baselines and cached libraries depend on it.
        track: Shows progress.
    """

    open: Callable[[Path], MeasuredAssistant]
    open_forced: Callable[[Path], MeasuredAssistant]
    cache_folder: Path
    data: Path | None = None
    full: bool = False
    questions: Path | None = None
    library: Path | None = None
    configuration: dict[str, str] = field(default_factory=dict)
    track: Track = silent

    def data_folder(self) -> Folder:
        """Return the data folder, which records the files that are read from it."""
        return Folder(self.data)

    def sample(self, items: Sequence[T], size: int) -> list[T]:
        """Return a fixed sample of at most ``size`` items, or all items in a full run."""
        return sample(items, None if self.full else size)

    def describe_sample(self, size: int, total: int, what: str) -> str:
        """Return a description of a sample for the report."""
        return f"all {total:,} {what}" if size == total else f"a fixed sample of {size:,} of {total:,} {what}"

    @contextmanager
    def empty_library(self, name: str) -> Iterator["OpenedAssistant"]:
        """Open an assistant on an empty library. Its folder is kept until the next run, so that links to it work."""
        folder = self.library_folder(name)
        shutil.rmtree(folder, ignore_errors=True)
        with closing(OpenedAssistant(self, folder)) as opened:
            yield opened

    @contextmanager
    def cached_library(self, name: str, articles: Sequence[Article]) -> Iterator["OpenedAssistant"]:
        """Open an assistant on a library of articles, which is reused for the same articles, encoder and code."""
        texts = [f"{article.id} {article.revision} {article.title} {article.published}" for article in articles]
        key = fingerprint([self.configuration.get("encoder", ""), _code_fingerprint(), *texts])
        folder = self.library_folder(f"{name}-{key}")
        complete = folder / "complete"
        if not complete.is_file():
            shutil.rmtree(folder, ignore_errors=True)
        with closing(OpenedAssistant(self, folder)) as opened:
            if not complete.is_file():
                outcomes = opened.assistant.library.add(articles)
                for _ in self.track(outcomes, f"{name}: encoding articles", len(articles)):
                    pass
                complete.touch()
            yield opened

    def library_folder(self, name: str) -> Path:
        """Return the folder of a library by name."""
        return self.cache_folder / name


class OpenedAssistant:
    """The assistant that is measured, and one on the same library that never abstains because of its confidence."""

    def __init__(self, context: Context, folder: Path) -> None:
        self.assistant = context.open(folder)
        self.folder = folder
        self._context = context

    @cached_property
    def forced(self) -> MeasuredAssistant:
        """The assistant that accepts any risk, opened when it is first used."""
        return self._context.open_forced(self.folder)

    def close(self) -> None:
        """Close the library."""
        self.assistant.close()
        if "forced" in self.__dict__:
            self.forced.close()


@cache
def _code_fingerprint() -> str:
    """Return a fingerprint of the code that makes vectors, so that no library of older code is measured."""
    folder = Path(next(iter(embeddings.__path__)))
    return fingerprint(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
