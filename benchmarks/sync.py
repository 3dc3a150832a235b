"""``python -m benchmarks.sync``: a folder of news is changed, and what it takes to bring a library in step again.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.sync [ARTICLES]

Of ARTICLES articles, by default 10,000, a tenth is changed and a twentieth deleted, and a fiftieth is in the folder
twice, the second time as another agency would send it. Printed are the outcomes of each sync, the texts that it
embedded, its seconds, how many of the copies were found to be near-duplicates, and how many deleted articles a search
still finds.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from assistant.assistant import Assistant
from assistant.settings import Settings
from embeddings.encoder import Encoder, load_encoder
from embeddings.library import Library
from embeddings.text.article import Article, Span
from evals.data.collection import Folder
from evals.data.reuters import reuters_articles

ARTICLES = 10_000


class CountedEncoder:
    """An encoder that counts the texts of passages that it encodes."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.fingerprint, self.window = encoder.fingerprint, encoder.window
        self.count = 0

    @property
    def runtime(self) -> str:
        """What computes the vectors."""
        return self._encoder.runtime

    def tokens(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of the tokens of a text."""
        return self._encoder.tokens(text)

    def encode(
        self, texts: Sequence[str], kind: Literal["query", "passage"], *, background: bool = False
    ) -> NDArray[np.float32]:
        """Encode texts."""
        self.count += len(texts) * (kind == "passage")
        return self._encoder.encode(texts, kind, background=background)


class SyncFigures(BaseModel):
    """The outcomes of a sync by their status, the texts that were embedded, and the seconds."""

    outcomes: dict[str, int]
    embedded: int
    seconds: float


class Figures(BaseModel):
    """The first sync, the second, and that after the changes; and what a search finds then.

    ``new_passages`` are those of the changed articles that were not there before, ``passages`` all of these articles'.
    ``copies_named`` are the copies that their originals name; ``others_named`` all other pairs of near-duplicates.
    """

    first: SyncFigures
    second: SyncFigures
    changed: SyncFigures
    passages: int
    new_passages: int
    copies: int
    copies_named: int
    others_named: int
    deleted: int
    deleted_found: int


def main() -> None:
    """Print the figures."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    data = Folder(Path(os.environ["ASSISTANT_EVAL_DATA"]))
    with TemporaryDirectory() as folder:
        figures = measure(Path(folder), reuters_articles(data, 0, size), load_encoder(Settings().encoder), size // 50)
    print(figures.model_dump_json(indent=2))


def measure(folder: Path, articles: Iterable[Article], encoder: Encoder, copies: int) -> Figures:
    """Return the figures of a library in one subfolder that is synced with articles and copies in another."""
    # The same title and text twice is one article, which stays until both files are gone.
    written = list({(article.title, article.text): article for article in articles}.values())
    source = folder / "articles"
    (source / "copies").mkdir(parents=True)
    changed, deleted, copied = (written[::10], written[1::20], written[2::10][:copies])
    for article in written:
        _path(source, article).write_text(f"{article.title}\n\n{article.text}", "utf-8")
    for article in copied:
        _path(source / "copies", article).write_text(f"{article.title}\n\n(Agency) - {article.text}", "utf-8")
    counted = CountedEncoder(encoder)
    with Assistant(Library.open(folder / "library", counted), Settings()) as assistant:
        first, second = (_sync(assistant, source, counted) for _ in range(2))
        copies_named, others_named = _pairs(assistant, source)
        known = assistant.library.known_articles(str(source.resolve()))
        ids = {Path(one.place).relative_to(source.resolve()): one.article_id for one in known}
        before = _passages(assistant, (ids[_path(Path(), article)] for article in changed))
        for article in changed:
            _path(source, article).write_text(
                f"{article.title}\n\n{article.text}\n\nCorrected on 1 May: {article.id}.", "utf-8"
            )
        for article in deleted:
            _path(source, article).unlink()
        again = _sync(assistant, source, counted)
        after = _passages(assistant, (ids[_path(Path(), article)] for article in changed))
        return Figures(
            first=first,
            second=second,
            changed=again,
            passages=len(after),
            new_passages=len(after - before),
            copies=len(copied),
            copies_named=copies_named,
            others_named=others_named,
            deleted=len(deleted),
            deleted_found=sum(_is_found(assistant, article, ids[_path(Path(), article)]) for article in deleted),
        )


def _path(folder: Path, article: Article) -> Path:
    return folder / f"{article.id}.txt"


def _sync(assistant: Assistant, source: Path, encoder: CountedEncoder) -> SyncFigures:
    before, started = encoder.count, perf_counter()
    outcomes = Counter(outcome.status for outcome in assistant.sync_each(source))
    seconds = round(perf_counter() - started, 2)
    return SyncFigures(outcomes=dict(outcomes), embedded=encoder.count - before, seconds=seconds)


def _pairs(assistant: Assistant, source: Path) -> tuple[int, int]:
    """Return the number of copies that their originals name, and that of all other pairs of near-duplicates."""
    name_of = {one.article_id: Path(one.place) for one in assistant.library.known_articles(str(source.resolve()))}
    pairs = {
        frozenset((name_of[one], name_of[other]))
        for one in name_of
        for other in assistant.library.excerpt(one, Span(start=0, end=1)).also
    }
    copies = sum(len({path.name for path in pair}) == 1 for pair in pairs)
    return copies, len(pairs) - copies


def _passages(assistant: Assistant, ids: Iterable[str]) -> set[tuple[str, str]]:
    """Return the passages of articles: their ids with their texts."""
    return {
        (article_id, passage.span.cut(assistant.get(article_id).text))
        for article_id in ids
        for passage in assistant.library.passages(article_id)
    }


def _is_found(assistant: Assistant, article: Article, article_id: str) -> bool:
    """Return True if a search for the beginning of an article finds it, or a near-duplicate that names it."""
    hits = assistant.search(article.text[:200], top_k=5)
    return any(article_id in (hit.article_id, *hit.also) for hit in hits)


if __name__ == "__main__":
    main()
