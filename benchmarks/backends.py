"""The same questions of one library with each backend: the folder (SQLite, FAISS and tantivy), PostgreSQL, and Milvus.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.backends [--reuters] [--questions N] [--articles N] [--milvus URI]

The library has abstracts of SciFact, whose claims are asked, or with ``--reuters`` news, of whose headlines questions
are made. The library is copied to a PostgreSQL server that is started for it, so that passages have the same keys.
Without ``--milvus`` Milvus's indexes are in a file of milvus-lite. Printed are the shares of questions whose ranks and
citations are equal to those of the folder, what explains each difference, nDCG@10, and the time of a search. There is
no reader, because what it costs and does is the same with all.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

import numpy as np

from assistant.assistant import Assistant
from assistant.settings import Settings
from benchmarks.word_lengths import Bm25Reference, Length, stored_length
from embeddings.encoder import load_encoder
from embeddings.filters import Filters
from embeddings.maintenance import move
from embeddings.opening import open_database
from embeddings.retrieval.distinct import first_distinct
from embeddings.retrieval.search import By
from embeddings.text.article import Article
from evals.data import scifact
from evals.data.collection import Folder
from evals.data.reuters import reuters_articles
from evals.metrics.ranking import per_query
from tests.postgres_server import PostgresServer

DEPTH = 100  # passages in a ranking
STAGES: tuple[By, ...] = ("dense", "bm25", "fused")
LENGTHS: Mapping[str, Length] = {"tantivy's rounded lengths": stored_length, "exact lengths": int}


@dataclass
class Asked:
    """A question, the articles that are relevant to it with their grades, and filters to search with."""

    text: str
    relevant: dict[str, int]
    filters: Filters


@dataclass
class Found:
    """What was found for one question: keys of passages by stage, articles, and the places that were cited."""

    ranks: dict[By, list[int]]
    filtered: list[int]  # keys by the dense search with filters
    articles: list[str]
    cited: list[tuple[str, int, int]]
    seconds: float  # of a fused search


def main() -> None:
    """Ask with each backend and print the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--reuters", action="store_true", help="news instead of SciFact's abstracts")
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--articles", type=int, default=1_500)
    parser.add_argument("--milvus", metavar="URI", help="a Milvus server; by default a file of milvus-lite")
    options = parser.parse_args()
    data = Folder.from_environment()
    articles, questions = (news if options.reuters else claims)(data, options.articles, options.questions)
    with TemporaryDirectory() as folder, closing(PostgresServer()) as postgres:
        settings = Settings(library=Path(folder), reader="off")
        own, recomputed = _ask(settings, questions, articles), _recomputed(settings, questions)
        url = postgres.library_url()
        move(settings.library, load_encoder(), url, to_folder=False)
        there = _ask(Settings(library=settings.library, reader="off", database_url=url), questions)
        uri = options.milvus or str(settings.library / "milvus.db")
        milvus = _ask(Settings(library=settings.library, reader="off", milvus_uri=uri), questions)
    for name, found in (("PostgreSQL", there), ("Milvus", milvus)):
        for line in report(own, found, questions):
            print(f"{name}: {line}")
    for line in explained(recomputed, own, milvus):
        print(line)
    for name, found in (("folder", own), ("PostgreSQL", there), ("Milvus", milvus)):
        print(f"{name}: {quality(found, questions)}")


def claims(data: Folder, articles: int, questions: int) -> tuple[list[Article], list[Asked]]:
    """Return so many abstracts of SciFact, and so many of its claims."""
    read = scifact.abstracts(data, articles)
    chosen = list(read.queries)[:questions]
    ids = {one: article.id for one, article in read.articles.items()}

    def asked(one: str) -> Asked:
        relevant = {ids[abstract]: grade for abstract, grade in read.wanted[one].items()}
        return Asked(read.queries[one], relevant, _ids(ids.values(), one))

    return list(read.articles.values()), [asked(one) for one in chosen]


def news(data: Folder, articles: int, questions: int) -> tuple[list[Article], list[Asked]]:
    """Return so many Reuters articles, and a question for the headlines of so many, which are spread evenly."""
    read = list(reuters_articles(data, 0, articles))
    chosen = [article for article in islice(read, 0, None, max(1, len(read) // questions)) if article.title]
    return read, [
        Asked(f"What is known about {one.title}?", {one.id: 1}, _days(one.published)) for one in chosen[:questions]
    ]


def report(own: Sequence[Found], other: Sequence[Found], questions: Sequence[Asked]) -> Iterator[str]:
    """Yield the lines of a comparison with the folder."""
    pairs = list(zip(own, other, strict=True))
    for stage in STAGES:
        for depth in (10, DEPTH):
            same = mean(a.ranks[stage][:depth] == b.ranks[stage][:depth] for a, b in pairs)
            yield f"the first {depth} by {stage} are the same: {same:.1%} of {len(questions)} questions"
    yield f"the first 10 by dense with filters are the same: {mean(a.filtered == b.filtered for a, b in pairs):.1%}"
    cite = sum(bool(a.cited) for a, _ in pairs)
    yield f"citations are the same: {mean(a.cited == b.cited for a, b in pairs):.1%}; {cite} answers have some"
    begins = Counter(_begins(a, b) for a, b in pairs if a.cited != b.cited)
    yield f"where other citations begin: {dict(begins) or 'there are none'}"


def explained(
    recomputed: Mapping[str, Sequence[list[int]]], own: Sequence[Found], milvus: Sequence[Found]
) -> Iterator[str]:
    """Yield for either BM25 how many of its rankings the same formula gives, with rounded and with exact lengths."""
    for name, found in (("tantivy", own), ("Milvus", milvus)):
        for what, rankings in recomputed.items():
            same = mean(one.ranks["bm25"][:10] == keys for one, keys in zip(found, rankings, strict=True))
            yield f"BM25 computed with {what} ranks the same first 10 as {name}: {same:.1%}"


def quality(found: Sequence[Found], questions: Sequence[Asked]) -> str:
    """Return a line of nDCG@10 and time."""
    wanted = {str(number): asked.relevant for number, asked in enumerate(questions)}
    ranked = {str(number): one.articles for number, one in enumerate(found)}
    ndcg = mean(per_query(wanted, ranked)["nDCG@10"].values())
    return f"nDCG@10 {ndcg:.4f}, a fused search {1000 * median(one.seconds for one in found):.0f} ms (median)"


def _begins(own: Found, other: Found) -> str:
    """Return the first search whose ranks differ."""
    return next((stage for stage in STAGES if own.ranks[stage] != other.ranks[stage]), "after the search")


def _ask(settings: Settings, questions: Sequence[Asked], articles: Iterable[Article] = ()) -> list[Found]:
    started = time.perf_counter()
    with Assistant.open(settings=settings) as assistant:
        added = sum(1 for _ in assistant.library.add(articles))
        seconds = time.perf_counter() - started
        print(f"opened, {added} articles added: {seconds:.0f} s; {assistant.library.size()}", flush=True)
        return [_find(assistant, asked) for asked in questions]


def _find(assistant: Assistant, asked: Asked) -> Found:
    hits = {stage: assistant.library.search(asked.text, DEPTH, by=stage) for stage in STAGES}
    filtered = assistant.library.search(asked.text, 10, asked.filters, "dense")
    started = time.perf_counter()
    assistant.library.search(asked.text)
    seconds = time.perf_counter() - started
    cited = [(one.article_id, one.start, one.end) for one in assistant.ask(asked.text).citations]
    articles = list(dict.fromkeys(hit.article.id for hit in hits["fused"]))
    ranks = {stage: [hit.passage.key for hit in found] for stage, found in hits.items()}
    return Found(ranks, [hit.passage.key for hit in filtered], articles, cited, seconds)


def _recomputed(settings: Settings, questions: Sequence[Asked]) -> dict[str, list[list[int]]]:
    """Return the keys of the first ten passages of each question by BM25 without an index, by how lengths are taken."""
    database, _ = open_database(settings.library, load_encoder(), create=False)
    with database, database.snapshot() as snapshot:
        bm25 = Bm25Reference(snapshot.indexed_passages(0, snapshot.count_passages()))  # none was removed
        return {
            name: [list(first_distinct(snapshot, bm25.best(one.text, DEPTH, length), 10)[0]) for one in questions]
            for name, length in LENGTHS.items()
        }


def _days(day: date | None) -> Filters:
    """Return filters for the week around a day."""
    assert day  # noqa: S101  Reuters' articles have one
    week = timedelta(days=3)
    return Filters(published_after=day - week, published_before=day + week)


def _ids(ids: Iterable[str], seed: str) -> Filters:
    """Return filters for a tenth of the articles, drawn by a seed."""
    chance = np.random.default_rng(int(seed))
    return Filters(article_ids=tuple(one for one in ids if chance.random() < 0.1))


if __name__ == "__main__":
    main()
