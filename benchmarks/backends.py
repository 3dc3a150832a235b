"""The same questions over the same library, with its indexes in its folder (FAISS and tantivy) and in Milvus.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.backends [--milvus URI] [--questions N] [--abstracts N]

The library has abstracts of SciFact, the questions are its claims, and the database is the same, so that passages have
the same keys. Without ``--milvus`` the indexes are in a file of milvus-lite. Printed are the shares of questions whose
ranks and citations are equal, where each difference comes from, nDCG@10, and the time of a search. There is no reader,
because what it costs and does is the same with both.
"""

import argparse
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

from assistant.assistant import Assistant
from assistant.settings import Settings
from embeddings.retrieval.search import By
from embeddings.text.article import Article
from evals.data import scifact
from evals.data.collection import Folder
from evals.metrics.ranking import per_query

DEPTH = 100  # passages in a ranking
STAGES: tuple[By, ...] = ("dense", "bm25", "fused")


@dataclass
class Found:
    """What was found for one question: keys of passages by stage, articles, and the places that were cited."""

    ranks: dict[By, list[int]]
    articles: list[str]
    cited: list[tuple[str, int, int]]
    seconds: float  # of a fused search


def main() -> None:
    """Ask with both and print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--milvus", metavar="URI", help="a Milvus server; by default a file of milvus-lite")
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--abstracts", type=int, default=1_500)
    options = parser.parse_args()
    data = scifact.abstracts(Folder.from_environment(), options.abstracts)
    questions = {id_: data.queries[id_] for id_ in list(data.queries)[: options.questions]}
    wanted = {id_: {data.articles[one].id: grade for one, grade in data.wanted[id_].items()} for id_ in questions}
    with TemporaryDirectory() as folder:
        library = Path(folder)
        own = _ask(Settings(library=library, reader="off"), questions, data.articles.values())
        uri = options.milvus or str(library / "milvus.db")
        milvus = _ask(Settings(library=library, reader="off", milvus_uri=uri), questions)
    for line in report(own, milvus, wanted):
        print(line)


def report(
    own: Mapping[str, Found], milvus: Mapping[str, Found], wanted: Mapping[str, Mapping[str, int]]
) -> Iterator[str]:
    """Yield the lines of the comparison."""
    pairs = [(own[id_], milvus[id_]) for id_ in own]
    for stage in STAGES:
        for depth in (10, DEPTH):
            same = mean(a.ranks[stage][:depth] == b.ranks[stage][:depth] for a, b in pairs)
            yield f"the first {depth} by {stage} are the same: {same:.0%} of {len(pairs)} questions"
    cite = sum(bool(a.cited) for a, _ in pairs)
    yield f"citations are the same: {mean(a.cited == b.cited for a, b in pairs):.0%}; {cite} answers have some"
    for id_, found in own.items():
        if stages := [stage for stage in STAGES if found.ranks[stage] != milvus[id_].ranks[stage]]:
            cited = "the same" if found.cited == milvus[id_].cited else "other"
            yield f"  {id_}: {_cause(stages)}; {cited} citations"
    for name, answers in (("folder", own), ("Milvus", milvus)):
        ndcg = mean(per_query(wanted, {id_: one.articles for id_, one in answers.items()})["nDCG@10"].values())
        milliseconds = 1000 * median(one.seconds for one in answers.values())
        yield f"{name}: nDCG@10 {ndcg:.4f}, a fused search {milliseconds:.0f} ms (median)"


def _cause(stages: list[By]) -> str:
    """Return where a difference begins."""
    if "dense" in stages:
        return "the dense ranks differ (an approximate search, or equal scores at the end)"
    return (
        "the BM25 ranks differ (lengths or statistics of words)" if "bm25" in stages else "only the fused ranks differ"
    )


def _ask(settings: Settings, questions: Mapping[str, str], articles: Iterable[Article] = ()) -> dict[str, Found]:
    started = time.perf_counter()
    with Assistant.open(settings=settings) as assistant:
        added = sum(1 for _ in assistant.library.add(articles))
        print(
            f"opened, {added} articles added: {time.perf_counter() - started:.0f} s;",
            assistant.library.size(),
            flush=True,
        )
        return {id_: _find(assistant, text) for id_, text in questions.items()}


def _find(assistant: Assistant, text: str) -> Found:
    hits = {stage: assistant.library.search(text, DEPTH, by=stage) for stage in STAGES}
    started = time.perf_counter()
    assistant.library.search(text)
    seconds = time.perf_counter() - started
    cited = [(one.article_id, one.start, one.end) for one in assistant.ask(text).citations]
    articles = list(dict.fromkeys(hit.article.id for hit in hits["fused"]))
    ranks = {stage: [hit.passage.key for hit in found] for stage, found in hits.items()}
    return Found(ranks, articles, cited, seconds)


if __name__ == "__main__":
    main()
