"""Citation spans: how many of the wanted characters are cited, and how many of the cited ones are wanted."""

from evals.answers import cited, exactness, failures, means, touches_wanted
from evals.context import Context, Opened
from evals.data import chunking
from evals.data.collection import EvalQuestion
from evals.metrics.spans import Region, SpanScore, span_score
from evals.result import SuiteResult
from evals.suites.suite import ask

PASSAGES = 5  # as many chunks as the published figures retrieve


class SpansSuite:
    """Five long documents in one library; every excerpt of a question is wanted."""

    name = "spans"
    about = "472 questions with their exact excerpts in five long documents"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Score what the answer cites, and what the first five passages hold."""
        collection = chunking.documents(context.folder())
        questions = context.sample(collection.questions, 200)
        scores, retrieved, asked = [], [], []
        read = {article.id: article for article in collection.articles}.__getitem__
        with context.holding("chunking", collection.articles) as opened:
            for question in context.track(questions, "spans: asking", len(questions)):
                asked.append(ask(opened, question, read, touches_wanted))
                regions = [region for region, _ in cited(asked[-1].answer)]
                scores.append(span_score(regions, question.wanted))
                retrieved.append(span_score(_passages(opened, question), question.wanted))
        figures = [
            *exactness(self.name, asked),
            *means(_columns("spans.cited", scores), headline=("spans.cited.precision", "spans.cited.recall")),
            *means(_columns("spans.passages", retrieved)),
        ]
        texts = {article.id: article.text for article in collection.articles}
        return SuiteResult(
            suite=self.name,
            figures=tuple(figures),
            failures=failures(asked, texts),
            notes=(
                "cited: the characters of the citations; an abstention cites nothing, so its recall is 0.",
                f"passages: the characters of the first {PASSAGES} passages over all five documents, each once.",
                "The published figures beside them are of another encoder and of chunks of a fixed size.",
            ),
            sample=context.described(len(questions), len(collection.questions), "questions"),
            library=str(opened.place),
            data=collection.files,
        )


def _passages(opened: Opened, question: EvalQuestion) -> list[Region]:
    hits = opened.subject.library.search(question.text, top_k=PASSAGES)
    return [Region(hit.article.id, hit.passage.span.start, hit.passage.span.end) for hit in hits]


def _columns(name: str, scores: list[SpanScore]) -> dict[str, list[float]]:
    return {
        f"{name}.precision": [s.precision for s in scores if s.precision is not None],
        f"{name}.recall": [s.recall for s in scores],
        f"{name}.iou": [s.iou for s in scores],
    }
