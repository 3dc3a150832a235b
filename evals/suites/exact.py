"""Exact names and numbers: questions that hinge on one code among many alike, which embeddings hardly tell apart."""

from evals.answers import means
from evals.context import STAGES, Context
from evals.data.shipped import exact
from evals.result import Bars, Failure, SuiteResult


class ExactSuite:
    """What a user's search shows first, and what each stage alone would."""

    name = "exact"
    about = "52 questions on names and numbers among near copies; needs BM25"
    ships = True

    def run(self, context: Context) -> SuiteResult:
        """Search for each question."""
        collection = exact()
        texts = {article.id: article.text for article in collection.articles}
        firsts: list[float] = []
        stages: dict[str, list[float]] = {stage: [] for stage in STAGES}
        missed = []
        with context.fresh(self.name) as opened:
            subject = opened.subject
            list(subject.library.add(collection.articles))
            for question in context.track(collection.questions, "exact: searching", len(collection.questions)):
                (wanted,) = question.wanted
                top = subject.search(question.text, top_k=1)
                firsts.append(float(bool(top) and top[0].article_id == wanted.document))
                for stage in STAGES:
                    hits = subject.library.search(question.text, top_k=1, by=stage)
                    stages[stage].append(float(bool(hits) and hits[0].article.id == wanted.document))
                if not firsts[-1]:
                    missed.append(
                        Failure(
                            question=question.text,
                            found=top[0].text if top else "nothing",
                            wanted=texts[wanted.document][wanted.start : wanted.end],
                            why="another article came first",
                            link=top[0].link if top else None,
                            badness=0.5,
                        )
                    )
        columns = {"exact.first": firsts} | {f"exact.{stage}.first": values for stage, values in stages.items()}
        made = means(columns, headline=("exact.first",))
        bars = Bars(title="exact: the wanted article comes first", labels=STAGES, figures=tuple(made[1:]))
        return SuiteResult(
            suite=self.name,
            figures=tuple(made),
            failures=tuple(missed),
            charts=(bars,),
            notes=("Invented articles that differ in one code, number or name; `first` is what the search shows.",),
            sample=f"all {len(firsts)} questions",
            library=str(opened.place),
            data=collection.files,
        )
