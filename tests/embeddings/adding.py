"""A program that adds synthetic articles to a library and prints each id when it was added. A test kills it."""

import random
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from embeddings.library import Library
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

COUNT = 500


def articles() -> Iterator[Article]:
    choose = random.Random(2015)
    words = ["".join(choose.choices("aeioulmnrst", k=6)) for _ in range(400)]
    for number in range(COUNT):
        sentences = (" ".join(choose.choices(words, k=choose.randint(4, 12))).capitalize() + "." for _ in range(4))
        yield Article.create(" ".join(sentences), title=choose.choice(words), path=f"{number}")


def add(path: Path, report: Connection) -> None:
    with Library.open(path, HashedWords()) as library:
        for outcome in library.add(articles()):
            report.send((outcome.article_id, outcome.status))
