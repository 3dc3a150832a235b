"""SQuAD 2.0 with character offsets: eight Wikipedia pages, as whole articles or as one article a paragraph."""

import gzip
import json
from typing import Any

from embeddings.article import Article
from evals.data.collection import Collection, Folder, Question
from evals.metrics.spans import Region

FILE = "squad2_measure8.json.gz"
_BREAK = "\n\n"


def pages(folder: Folder, file: str = FILE, longest: int = 10_000) -> Collection:
    """Each page is one article, its paragraphs parted by blank lines: what a user would have added.

    A page of more than ``longest`` paragraphs is several articles.
    """
    articles, questions = [], []
    for page in _read(folder, file):
        for first in range(0, len(page["paragraphs"]), longest):
            here = page["paragraphs"][first : first + longest]
            place = page["title"] if not first else f"{page['title']}/from {first + 1}"
            article = _article(page["title"], _BREAK.join(paragraph["context"] for paragraph in here), place)
            articles.append(article)
            start = 0
            for paragraph in here:
                questions += _questions(paragraph, article, start)
                start += len(paragraph["context"]) + len(_BREAK)
    return Collection(tuple(articles), tuple(questions), folder.files)


def paragraphs(folder: Folder) -> Collection:
    """Each paragraph is one article under its page's title: the unit that published figures rank and read."""
    articles, questions = [], []
    for page in _read(folder, FILE):
        for number, paragraph in enumerate(page["paragraphs"], 1):
            article = _article(page["title"], paragraph["context"], f"{page['title']}/{number}")
            articles.append(article)
            questions += _questions(paragraph, article, 0)
    return Collection(tuple(articles), tuple(questions), folder.files)


def _read(folder: Folder, file: str) -> list[dict[str, Any]]:
    path = folder.file(file, "A file in SQuAD's format")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        pages: list[dict[str, Any]] = json.load(lines)["data"]
    return pages


def _article(title: str, text: str, place: str) -> Article:
    article = Article.create(text, title=title.replace("_", " "), path=f"squad2/{place}")
    if article.text != text:
        raise ValueError(f"the offsets of {place} would not hold: its line ends are not \\n")
    return article


def _questions(paragraph: dict[str, Any], article: Article, start: int) -> list[Question]:
    questions = []
    for qa in paragraph["qas"]:
        wanted = {
            Region(article.id, start + answer["answer_start"], start + answer["answer_start"] + len(answer["text"]))
            for answer in qa["answers"]
        }
        questions.append(
            Question(
                id=qa["id"],
                text=qa["question"].strip(),
                answerable=not qa.get("is_impossible", False),
                answers=tuple(answer["text"] for answer in qa["answers"]),
                wanted=tuple(sorted(wanted)),
                article=article.id,
            )
        )
    return questions
