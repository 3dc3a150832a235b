"""Articles in any number, and an encoder that has their vectors already, so that a large library is made in minutes."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, count, islice, zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import load_encoder
from embeddings.fingerprint import Fingerprint, Kind
from embeddings.ingest import chunk_article
from embeddings.text.article import Article
from evals.data import scifact, squad
from evals.data.collection import Folder
from evals.data.reuters import reuters_articles

PASSAGES_AN_ARTICLE = 20
PERTURBATION = 0.5  # of the difference of two other vectors, which is added: the copy has a cosine of about .8
QUESTIONS = 200
SHARES = {"1 %": 0.01, "10 %": 0.1, "50 %": 0.5}  # of the articles, that have this source or one before it

_WORD = re.compile(r"\w+|[^\w\s]")
_SENTENCE = re.compile(r"[A-Z][^.!?]{40,200}\.")


class Vectors:
    """Vectors of real passages, and beyond their number perturbed copies of them, the same in every run."""

    def __init__(self, real: NDArray[np.float32]) -> None:
        self._real = real

    def between(self, first: int, last: int) -> NDArray[np.float32]:
        """Return the vectors from number ``first`` to ``last``, exclusive, of shape (n, dimension)."""
        real = self._real[first:last]
        beyond = np.arange(max(first, len(self._real)), last, dtype=np.uint64)
        if not len(beyond):
            return real
        picks = [_mixed(beyond, salt) % np.uint64(len(self._real)) for salt in (1, 2, 3)]
        copy, to, away = (self._real[pick.astype(np.int64)] for pick in picks)
        made = copy + PERTURBATION * (to - away)
        return np.concatenate([real, made / np.linalg.norm(made, axis=1, keepdims=True)]).astype(np.float32)


class PreparedEncoder:
    """An encoder that gives the passages that it is asked for the next vectors, and questions their own."""

    runtime = "nothing, as they were prepared"
    window = 110  # tokens, as counted here: about as long as a news passage

    def __init__(self, vectors: Vectors, questions: dict[str, NDArray[np.float32]], given: int = 0) -> None:
        self.fingerprint = Fingerprint(model="prepared", revision="1", dimension=384, prefix={}, pooling="mean")
        self._vectors, self._questions, self._given = vectors, questions, given

    def tokens(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of words and signs."""
        return [match.span() for match in _WORD.finditer(text)]

    def encode(self, texts: Sequence[str], kind: Kind, *, background: bool = False) -> NDArray[np.float32]:
        """Return prepared vectors, of shape (n, dimension)."""
        del background  # it is done at once
        if kind == "query":
            return np.stack([self._questions[text] for text in texts])
        self._given += len(texts)
        return self._vectors.between(self._given - len(texts), self._given)


def sentences_of_news(data: Folder) -> list[str]:
    """Return sentences of Reuters articles."""
    return [" ".join(one.split()) for news in reuters_articles(data, 0, 5_000) for one in _SENTENCE.findall(news.text)]


def articles(sentences: Sequence[str], first: int) -> Iterator[Article]:
    """Yield articles without end, from a number on: sentences in a random order, about 20 passages each."""
    for number in count(first):
        choose = np.random.default_rng(number)
        picked = [sentences[i] for i in choose.integers(len(sentences), size=4 * PASSAGES_AN_ARTICLE)]
        place = (number * 0.618034) % 1  # spread evenly
        source = next((name for name, share in SHARES.items() if place < share), "other")
        yield Article.create(
            "\n\n".join(picked),
            title=f"Article {number}",
            path=f"{number}",
            source=source,
            published=date(1987, 1, 1) + timedelta(days=number % 365),
        )


def encoded(data: Folder, passages: int, cache: Path) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
    """Return the vectors of so many passages of Reuters, SciFact and SQuAD, and those of questions by their texts.

    They are encoded once and kept in a file.
    """
    if not cache.exists():
        encoder = load_encoder()
        science, pages = scifact.abstracts(data), squad.paragraphs(data)
        news = reuters_articles(data, 0, 19_043)
        mixed = chain.from_iterable(zip_longest(news, science.articles.values(), pages.articles))
        texts = (text for article in mixed if article for text in chunk_article(article, encoder).texts)
        asked = [*islice(science.queries.values(), QUESTIONS // 2)]
        asked += [one.text for one in pages.questions[: QUESTIONS - len(asked)]]
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            cache,
            passages=encoder.encode([*islice(texts, passages)], "passage"),
            questions=np.array(asked),
            queries=encoder.encode(asked, "query"),
        )
    with np.load(cache) as file:
        return file["passages"], dict(zip(file["questions"].tolist(), file["queries"], strict=True))


def _mixed(numbers: NDArray[np.uint64], salt: int) -> NDArray[np.uint64]:
    """Return numbers that look random (splitmix64)."""
    mixed = (numbers + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
