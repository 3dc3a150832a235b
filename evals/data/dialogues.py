"""Conversations that end with a follow-up question, about the shipped articles and about Reuters articles.

They were written before the rewriter of follow-ups, or before it was simplified.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.request import Message
from embeddings.text.article import Article
from evals.data.collection import SHIPPED, Folder, json_lines
from evals.data.reuters import FILE
from evals.data.shipped import exact, seed_body
from evals.errors import DataMissing
from evals.metrics.spans import Region

COLLECTION_SIZE = 1_000  # Reuters articles among which the right one has to be found


@dataclass(frozen=True)
class Dialogue:
    """A conversation.

    Attributes:
        id: The conversation's id.
        kind: What the question leaves open.
        history: The turns before the question.
        question: The question.
        standalone: The question as its author would ask it without the history.
        wanted: The gold span of the answer.
    """

    id: str
    kind: str
    history: tuple[Message, ...]
    question: str
    standalone: str
    wanted: Region

    @property
    def is_open(self) -> bool:
        """True if the question cannot be understood without the history."""
        return self.question != self.standalone


@dataclass(frozen=True)
class Dialogues:
    """Conversations, and the articles to search apart from those that a suite adds itself."""

    articles: tuple[Article, ...]
    dialogues: tuple[Dialogue, ...]
    files: dict[str, str]


def shipped() -> Dialogues:
    """Return the conversations about the seed article, which the suite adds from its file, and the exact articles."""
    near_copies = exact()
    seed = Article.create(seed_body()[0], url=seed_body()[1][0])
    articles = {article.id: article for article in (seed, *near_copies.articles)}
    folder = Folder(SHIPPED)

    def article(name: str) -> Article:
        return seed if name == "seed" else articles[Article.create("any", path=f"exact/{name}").id]

    rows = (row for row in _rows(folder, "dialogues.jsonl") if not row["article"].startswith("reuters-"))
    dialogues = tuple(_dialogue(row, article) for row in rows)
    return Dialogues(near_copies.articles, dialogues, near_copies.files | folder.files)


def reuters(folder: Folder, file: str = "dialogues.jsonl") -> Dialogues:
    """Return a file's conversations about Reuters articles, with those and others of the collection.

    Raises:
        DataMissing: The collection is missing, or an article in it has another text.
    """
    rows = [row for row in _rows(Folder(SHIPPED), file) if row["article"].startswith("reuters-")]
    needed = {turn["article"] for row in rows for turn in [row, *row["history"]] if "article" in turn}
    articles: dict[str, Article] = {}
    with gzip.open(folder.file(FILE, "Reuters-21578"), "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            name = f"reuters-{row['id']}"
            if (row["body"] or "").strip() and (name in needed or len(articles) < COLLECTION_SIZE):
                articles[name] = Article.create(row["body"], title=row["title"], path=name, source="Reuters")
    for row in rows:
        article = articles.get(row["article"])
        if article is None or article.revision != row["sha256"]:
            raise DataMissing(
                f"The article of {row['id']} is another one.",
                expected=f"{row['article']} with sha256 {row['sha256']}",
                got="no such article" if article is None else article.revision,
                hint="evals/data/README.md says where the collection comes from.",
            )
    dialogues = tuple(_dialogue(row, articles.__getitem__) for row in rows)
    return Dialogues(tuple(articles.values()), dialogues, folder.files)


def standalone() -> Iterator[tuple[tuple[Message, ...], str]]:
    """Yield questions that stand alone, each after the turns before it, which are about something else."""
    for row in _rows(Folder(SHIPPED), "standalone.jsonl"):
        yield tuple(Message(**turn) for turn in row["history"]), row["question"]


def _rows(folder: Folder, file: str) -> list[dict[str, Any]]:
    return list(json_lines(folder.file(file, "A shipped dataset")))


def _dialogue(row: dict[str, Any], article: Callable[[str], Article]) -> Dialogue:
    about = article(row["article"])
    return Dialogue(
        id=row["id"],
        kind=row["kind"],
        history=tuple(Message(role=turn["role"], content=_said(turn, article)) for turn in row["history"]),
        question=row["question"],
        standalone=row["standalone"],
        wanted=Region(about.id, row["start"], row["end"]),
    )


def _said(turn: dict[str, Any], article: Callable[[str], Article]) -> str:
    """Return a turn's text. Of an article that is not shipped, the dataset only has the span."""
    text: str = turn["content"] if "content" in turn else article(turn["article"]).text[turn["start"] : turn["end"]]
    return text
