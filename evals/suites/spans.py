"""The spans suite: precision and recall of the cited characters in five long documents."""

from evals.answers import answering_failures, cited_regions, exactness_figures, mean_figures, overlaps_gold_span
from evals.context import Context, OpenedAssistant
from evals.data import chunking
from evals.data.collection import EvalQuestion
from evals.metrics.spans import Region, SpanScore, span_score
from evals.result import SuiteResult
from evals.suites.suite import ask

PASSAGES = 5  # as many chunks as the published figures retrieve


class SpansSuite:
    """Questions on five long documents, with every excerpt that is needed for the answer."""

    name = "spans"
    about = "472 questions with their exact excerpts in five long documents"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Score the characters of the citations and those of the first five passages."""
        collection = chunking.documents(context.data_folder())
        questions = context.sample(collection.questions, 200)
        scores, retrieved, asked = [], [], []
        read = {article.id: article for article in collection.articles}.__getitem__
        with context.cached_library("chunking", collection.articles) as opened:
            for question in context.track(questions, "spans: asking", len(questions)):
                asked.append(ask(opened, question, read, overlaps_gold_span))
                regions = [region for region, _ in cited_regions(asked[-1].answer)]
                scores.append(span_score(regions, question.gold))
                retrieved.append(span_score(_passages(opened, question), question.gold))
        figures = [
            *exactness_figures(self.name, asked),
            *mean_figures(_columns("spans.cited", scores), headline=("spans.cited.precision", "spans.cited.recall")),
            *mean_figures(_columns("spans.passages", retrieved)),
        ]
        texts = {article.id: article.text for article in collection.articles}
        return SuiteResult(
            suite=self.name,
            figures=tuple(figures),
            failures=answering_failures(asked, texts),
            notes=(
                "cited: the characters of the citations; an abstention cites nothing, so its recall is 0.",
                f"passages: the characters of the first {PASSAGES} passages over all five documents, each once.",
                "The published figures beside them are of another encoder and of chunks of a fixed size.",
            ),
            sample=context.describe_sample(len(questions), len(collection.questions), "questions"),
            library=str(opened.folder),
            data=collection.files,
        )


def _passages(opened: OpenedAssistant, question: EvalQuestion) -> list[Region]:
    hits = opened.assistant.library.search(question.text, top_k=PASSAGES)
    return [Region(hit.article.id, hit.passage.span.start, hit.passage.span.end) for hit in hits]


def _columns(name: str, scores: list[SpanScore]) -> dict[str, list[float]]:
    return {
        f"{name}.precision": [s.precision for s in scores if s.precision is not None],
        f"{name}.recall": [s.recall for s in scores],
        f"{name}.iou": [s.iou for s in scores],
    }
