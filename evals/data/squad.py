"""SQuAD 2.0 with character offsets: eight Wikipedia pages, as whole articles or as one article a paragraph."""

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
    """Paragraphs that stand together under one title, as the file has them; ``place`` names them for good."""

    place: str
    title: str
    paragraphs: list[dict[str, Any]]


def blocks(
    folder: Folder, file: str = FILE, longest: int = 10_000, places: Container[str] | None = None
) -> Iterator[Block]:
    """The pages of a file; one of more than ``longest`` paragraphs is several blocks. With ``places``, only those."""
    for page in _read(folder, file):
        title, every = page["title"], page["paragraphs"]
        for first in range(0, len(every), longest):
            place = f"{title}/from {first + 1}" if first else title
            if places is None or place in places:
                yield Block(place, title.replace("_", " "), every[first : first + longest])


def pages(folder: Folder, file: str = FILE, longest: int = 10_000, places: Container[str] | None = None) -> Collection:
    """Each of the :func:`blocks` is one article, its paragraphs parted by blank lines: what a user would have added."""
    articles, questions = [], []
    for block in blocks(folder, file, longest, places):
        text = _BREAK.join(paragraph["context"] for paragraph in block.paragraphs)
        articles.append(article := _article(block.title, text, block.place))
        start = 0
        for paragraph in block.paragraphs:
            questions += _questions(paragraph, article, start)
            start += len(paragraph["context"]) + len(_BREAK)
    return Collection(tuple(articles), tuple(questions), folder.files)


def paragraphs(
    folder: Folder, file: str = FILE, longest: int = 10_000, places: Container[str] | None = None
) -> Collection:
    """Each paragraph of the :func:`blocks` is one article under its page's title: the unit of published figures."""
    articles, questions = [], []
    for block in blocks(folder, file, longest, places):
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
        wanted = {
            Region(article.id, start + answer["answer_start"], start + answer["answer_start"] + len(answer["text"]))
            for answer in qa["answers"]
        }
        questions.append(
            EvalQuestion(
                id=qa["id"],
                text=qa["question"].strip(),
                answerable=not qa.get("is_impossible", False),
                answers=tuple(answer["text"] for answer in qa["answers"]),
                wanted=tuple(sorted(wanted)),
                article=article.id,
            )
        )
    return questions
