"""Conversations that end in a follow-up, written before the rewriter: over what ships, and over Reuters articles."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.request import Message
from embeddings.text.article import Article
from evals.data.collection import SHIPPED, Folder, json_lines
from evals.data.shipped import exact, seed_body
from evals.errors import DataMissing
from evals.metrics.spans import Region

FILE = "reuters21578.jsonl.gz"
AROUND = 1_000  # Reuters articles among which the right one has to be found


@dataclass(frozen=True)
class Dialogue:
    """Turns, the question after them, and that question as its author asks it without them."""

    id: str
    kind: str
    history: tuple[Message, ...]
    question: str
    standalone: str
    wanted: Region

    @property
    def is_open(self) -> bool:
        """Whether the question needs the turns before it."""
        return self.question != self.standalone


@dataclass(frozen=True)
class Dialogues:
    """Conversations, and articles to be searched besides those that a suite adds itself."""

    articles: tuple[Article, ...]
    dialogues: tuple[Dialogue, ...]
    files: dict[str, str]


def shipped() -> Dialogues:
    """Those over the seed article, which is added as a user adds it, and over the articles that are nearly alike."""
    near_copies = exact()
    seed = Article.create(seed_body()[0], url=seed_body()[1][0])
    articles = {article.id: article for article in (seed, *near_copies.articles)}
    folder = Folder(SHIPPED)

    def article(name: str) -> Article:
        return seed if name == "seed" else articles[Article.create("any", path=f"exact/{name}").id]

    dialogues = tuple(_dialogue(row, article) for row in _rows(folder) if not row["article"].startswith("reuters-"))
    return Dialogues(near_copies.articles, dialogues, near_copies.files | folder.files)


def reuters(folder: Folder) -> Dialogues:
    """Those over Reuters articles, which stand among the first thousand of the collection.

    Raises:
        DataMissing: the collection is not there, or holds other text under a number.
    """
    rows = [row for row in _rows(Folder(SHIPPED)) if row["article"].startswith("reuters-")]
    needed = {turn["article"] for row in rows for turn in [row, *row["history"]] if "article" in turn}
    articles: dict[str, Article] = {}
    with gzip.open(folder.file(FILE, "Reuters-21578"), "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            name = f"reuters-{row['id']}"
            if (row["body"] or "").strip() and (name in needed or len(articles) < AROUND):
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


def _rows(folder: Folder) -> list[dict[str, Any]]:
    return list(json_lines(folder.file("dialogues.jsonl", "The shipped dialogues")))


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
    """What was said; of an article that does not ship, only the place is kept."""
    said: str = turn["content"] if "content" in turn else article(turn["article"]).text[turn["start"] : turn["end"]]
    return said
