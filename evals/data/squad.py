"""SQuAD 2.0: Wikipedia pages as articles, or their paragraphs as articles, with questions and gold spans."""

import gzip
import json
from collections.abc import Container, Iterator
from typing import Any, NamedTuple

from embeddings.text.article import Article
from evals.data.collection import Collection, EvalQuestion, Folder
from evals.metrics.spans import Region

FILE = "squad2_measure8.json.gz"
_BREAK = "\n\n"


class Block(NamedTuple):
    """Successive paragraphs of a page. ``place`` is the block's stable name."""

    place: str
    title: str
    paragraphs: list[dict[str, Any]]


def blocks(
    folder: Folder, file: str = FILE, max_paragraphs: int = 10_000, places: Container[str] | None = None
) -> Iterator[Block]:
    """Yield the pages of a file in blocks.

    Args:
        folder: The data folder.
        file: The file's name in it.
        max_paragraphs: The most paragraphs of a block; a longer page is several blocks.
        places: The names of the blocks to yield; None for all.
    """
    for page in _read(folder, file):
        title, every = page["title"], page["paragraphs"]
        for first in range(0, len(every), max_paragraphs):
            place = f"{title}/from {first + 1}" if first else title
            if places is None or place in places:
                yield Block(place, title.replace("_", " "), every[first : first + max_paragraphs])


def pages(
    folder: Folder, file: str = FILE, max_paragraphs: int = 10_000, places: Container[str] | None = None
) -> Collection:
    """Return each of the :func:`blocks` as an article, with blank lines between paragraphs, as a user would add it."""
    articles, questions = [], []
    for block in blocks(folder, file, max_paragraphs, places):
        text = _BREAK.join(paragraph["context"] for paragraph in block.paragraphs)
        articles.append(article := _article(block.title, text, block.place))
        start = 0
        for paragraph in block.paragraphs:
            questions += _questions(paragraph, article, start)
            start += len(paragraph["context"]) + len(_BREAK)
    return Collection(tuple(articles), tuple(questions), folder.files)


def paragraphs(
    folder: Folder, file: str = FILE, max_paragraphs: int = 10_000, places: Container[str] | None = None
) -> Collection:
    """Return each paragraph of the :func:`blocks` as an article with its page's title, as in published figures."""
    articles, questions = [], []
    for block in blocks(folder, file, max_paragraphs, places):
        for number, paragraph in enumerate(block.paragraphs, 1):
            article = _article(block.title, paragraph["context"], f"{block.place}/{number}")
            articles.append(article)
            questions += _questions(paragraph, article, 0)
    return Collection(tuple(articles), tuple(questions), folder.files)


def _read(folder: Folder, file: str) -> list[dict[str, Any]]:
    path = folder.file(file, "A file in SQuAD's format")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        pages: list[dict[str, Any]] = json.load(lines)["data"]
    return pages


def _article(title: str, text: str, place: str) -> Article:
    article = Article.create(text, title=title, path=f"squad2/{place}")
    if article.text != text:
        raise ValueError(f"the offsets of {place} would not hold: its line ends are not \\n")
    return article


def _questions(paragraph: dict[str, Any], article: Article, start: int) -> list[EvalQuestion]:
    questions = []
    for qa in paragraph["qas"]:
        gold = {
            Region(article.id, start + answer["answer_start"], start + answer["answer_start"] + len(answer["text"]))
            for answer in qa["answers"]
        }
        questions.append(
            EvalQuestion(
                id=qa["id"],
                text=qa["question"].strip(),
                answerable=not qa.get("is_impossible", False),
                answers=tuple(answer["text"] for answer in qa["answers"]),
                gold=tuple(sorted(gold)),
                article=article.id,
            )
        )
    return questions
