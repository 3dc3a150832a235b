"""Suites of retrieval by stage, with intervals and paired tests: SciFact and SQuAD."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.text.article import Article
from evals.answers import mean_figures
from evals.context import STAGES, Context, OpenedAssistant
from evals.data import scifact, squad
from evals.data.collection import fingerprint
from evals.metrics.intervals import paired_difference
from evals.metrics.ranking import per_query
from evals.result import Bars, Failure, SuiteResult

DEPTH = 100  # the most articles in a ranking
_PASSAGES = 300  # retrieved, so that they come from ``DEPTH`` articles even with a few passages of each
_MAIN = "nDCG@10"

Ranked = dict[str, list[str]]  # question → articles, best first
Values = dict[str, dict[str, dict[str, float]]]  # stage → measure → question → value


class SciFactSuite:
    """SciFact, with documents ranked by their best passage."""

    name = "retrieval-scifact"
    about = "300 scientific claims, the abstracts that judge them; recall, MRR, nDCG, MAP by stage"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Rank with every stage; in a full run also with one vector per document, as in the published figure."""
        total = len(scifact.abstracts(context.data_folder()).articles)
        data = scifact.abstracts(context.data_folder(), None if context.full else 1_500)
        task = _Task(
            name=self.name,
            articles=tuple(data.articles.values()),
            queries=data.queries,
            wanted={q: {data.articles[d].id: g for d, g in documents.items()} for q, documents in data.wanted.items()},
        )
        with context.cached_library("scifact" if context.full else "scifact-sample", task.articles) as opened:
            ranked = task.by_stage(context, opened)
            if context.full:
                ranked["one_vector"] = task.by_one_vector(context, opened)
            ranked["answering"] = task.by_answering(context, opened)
        note = "A sample of the collection is easier than all of it: no comparison with published figures."
        if context.full:
            note = "one vector: title and text cut at the encoder's window, plain top-k; no part of the product."
        return task.result(
            ranked,
            notes=("Several passages a document; its best passage counts.", note),
            sample=f"{len(data.queries)} claims over {context.describe_sample(len(task.articles), total, 'abstracts')}",
            files=data.files,
        )


class SquadRetrievalSuite:
    """SQuAD with each paragraph as an article, of which the question's own is relevant."""

    name = "retrieval-squad"
    about = "SQuAD questions, 320 Wikipedia paragraphs; recall, MRR, nDCG, MAP by stage"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Rank with every stage."""
        collection = squad.paragraphs(context.data_folder())
        answerable = [question for question in collection.questions if question.answerable]
        questions = context.sample(answerable, 300)
        task = _Task(
            name=self.name,
            articles=collection.articles,
            queries={q.id: q.text for q in questions},
            wanted={q.id: {q.gold[0].document: 1} for q in questions},
        )
        with context.cached_library("squad-paragraphs", collection.articles) as opened:
            ranked = task.by_stage(context, opened)
        return task.result(
            ranked,
            notes=("Only the paragraph that the question was written on counts, though another may answer it too.",),
            sample=context.describe_sample(len(questions), len(answerable), "answerable questions"),
            files=collection.files,
        )


@dataclass(frozen=True)
class _Task:
    """Articles to rank for each query, and the relevant ones with their grades."""

    name: str
    articles: Sequence[Article]
    queries: Mapping[str, str]
    wanted: Mapping[str, Mapping[str, int]]

    def by_stage(self, context: Context, opened: OpenedAssistant) -> dict[str, Ranked]:
        ranked: dict[str, Ranked] = {stage: {} for stage in STAGES}
        for id_, text in context.track(sorted(self.queries.items()), f"{self.name}: searching", len(self.queries)):
            for stage in STAGES:
                hits = opened.assistant.library.search(text, top_k=_PASSAGES, by=stage)
                ranked[stage][id_] = list(dict.fromkeys(hit.article.id for hit in hits))[:DEPTH]
        return ranked

    def by_answering(self, context: Context, opened: OpenedAssistant) -> Ranked:
        """Return the order of an answer's passages, the first ten of which are reranked by the reader."""
        ranked: Ranked = {}
        for id_, text in context.track(sorted(self.queries.items()), f"{self.name}: asking", len(self.queries)):
            passages = opened.assistant.ask(text[:2_000], top_k=50).passages
            ranked[id_] = list(dict.fromkeys(passage.article_id for passage in passages))
        return ranked

    def by_one_vector(self, context: Context, opened: OpenedAssistant) -> Ranked:
        encoder = opened.assistant.library.encoder
        texts = [f"{article.title} {article.text}" for article in self.articles]
        path = context.library_folder(
            f"one-vector-{fingerprint([context.configuration.get('encoder', ''), *texts])}.npy"
        )
        if not path.is_file():
            batches = [texts[i : i + 64] for i in range(0, len(texts), 64)]
            tracked = context.track(batches, f"{self.name}: one vector each", len(batches))
            np.save(path, np.concatenate([encoder.encode(batch, "passage") for batch in tracked]), allow_pickle=False)
        ids = sorted(self.queries)
        queries = encoder.encode([self.queries[id_] for id_ in ids], "query")
        best = np.argsort(-(queries @ np.load(path, allow_pickle=False).T), axis=1, kind="stable")[:, :DEPTH]
        return {id_: [self.articles[i].id for i in row] for id_, row in zip(ids, best, strict=True)}

    def result(
        self, ranked: Mapping[str, Ranked], *, notes: Sequence[str], sample: str, files: dict[str, str]
    ) -> SuiteResult:
        values = {stage: per_query(self.wanted, found) for stage, found in ranked.items()}
        ids = sorted(self.wanted)
        columns = {
            f"{self.name}.{stage}.{measure}": [by_question[id_] for id_ in ids]
            for stage, measures in values.items()
            for measure, by_question in measures.items()
        }
        figures = mean_figures(columns, headline=(f"{self.name}.fused.{_MAIN}",))
        by_name = {figure.name: figure for figure in figures}
        bars = tuple(
            Bars(
                title=f"{self.name}: {measure} by stage",
                labels=tuple(stage.replace("_", " ") for stage in values),
                figures=tuple(by_name[f"{self.name}.{stage}.{measure}"] for stage in values),
            )
            for measure in (_MAIN, "R@5")
        )
        return SuiteResult(
            suite=self.name,
            figures=tuple(figures),
            failures=self._failures(values["fused"]["RR@10"]),
            charts=bars,
            notes=(*notes, *(_paired(values, other, ids) for other in values if other != "fused")),
            sample=sample,
            data=files,
        )

    def _failures(self, reciprocal_rank: Mapping[str, float]) -> tuple[Failure, ...]:
        starts = {article.id: f"{article.title}: {article.text[:120]}…" for article in self.articles}
        return tuple(
            Failure(
                question=self.queries[id_],
                found="not among the first ten articles",
                wanted=" / ".join(starts[document] for document in sorted(self.wanted[id_])),
                why="fused retrieval",
                badness=0.1,
            )
            for id_, value in sorted(reciprocal_rank.items())
            if value == 0
        )


def _paired(values: Values, other: str, ids: Sequence[str]) -> str:
    a, b = ([values[stage][_MAIN][id_] for id_ in ids] for stage in ("fused", other))
    difference = paired_difference(a, b)
    interval = f"{difference.value:+.3f} ({difference.low:+.3f} to {difference.high:+.3f})"
    test = f"p = {difference.p:.4f} (paired randomisation test, {len(ids):,} questions)"
    return f"fused − {other.replace('_', ' ')}, {_MAIN}: {interval}, {test}."
