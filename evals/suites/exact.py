"""The suite of exact names and numbers: each question depends on a code that embeddings hardly distinguish."""

from evals.answers import mean_figures
from evals.context import STAGES, Context
from evals.data.shipped import exact
from evals.result import Bars, Failure, SuiteResult


class ExactSuite:
    """The first article that a user's search shows, and that each stage of retrieval finds."""

    name = "exact"
    about = "52 questions on names and numbers among near copies; needs BM25"
    ships = True

    def run(self, context: Context) -> SuiteResult:
        """Search for each question."""
        collection = exact()
        texts = {article.id: article.text for article in collection.articles}
        is_first: list[float] = []
        stages: dict[str, list[float]] = {stage: [] for stage in STAGES}
        failures = []
        with context.empty_library(self.name) as opened:
            assistant = opened.assistant
            list(assistant.library.add(collection.articles))
            for question in context.track(collection.questions, "exact: searching", len(collection.questions)):
                (gold,) = question.gold
                top = assistant.search(question.text, top_k=1)
                is_first.append(float(bool(top) and top[0].article_id == gold.document))
                for stage in STAGES:
                    hits = assistant.library.search(question.text, top_k=1, by=stage)
                    stages[stage].append(float(bool(hits) and hits[0].article.id == gold.document))
                if not is_first[-1]:
                    failures.append(
                        Failure(
                            question=question.text,
                            found=top[0].text if top else "nothing",
                            wanted=texts[gold.document][gold.start : gold.end],
                            why="another article came first",
                            link=top[0].link if top else None,
                            badness=0.5,
                        )
                    )
        columns = {"exact.first": is_first} | {f"exact.{stage}.first": values for stage, values in stages.items()}
        figures = mean_figures(columns, headline=("exact.first",))
        bars = Bars(title="exact: the wanted article comes first", labels=STAGES, figures=tuple(figures[1:]))
        return SuiteResult(
            suite=self.name,
            figures=tuple(figures),
            failures=tuple(failures),
            charts=(bars,),
            notes=("Invented articles that differ in one code, number or name; `first` is what the search shows.",),
            sample=f"all {len(is_first)} questions",
            library=str(opened.folder),
            data=collection.files,
        )
