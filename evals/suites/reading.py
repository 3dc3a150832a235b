"""The reading suite: SQuAD 2.0 on the gold paragraph with abstention, as published readers are measured."""

from embeddings.filters import Filters
from evals.answers import mean_figures
from evals.context import Context
from evals.data import squad
from evals.metrics.reading import exact_match, f1
from evals.result import SuiteResult


class ReadingSuite:
    """Each question is asked with a filter for its own paragraph."""

    name = "reading"
    about = "SQuAD 2.0's official exact match and F1 on the gold paragraph, to stand beside published readers"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask each question at the accepted risk, which tells whether it is answered, and at any risk, for the span."""
        collection = squad.paragraphs(context.data_folder())
        questions = context.sample(collection.questions, 400)
        exact: list[float] = []
        overlap: list[float] = []
        answerable: list[float] = []
        unanswerable: list[float] = []
        forced_exact: list[float] = []
        forced_overlap: list[float] = []
        spans = 0
        with context.cached_library("squad-paragraphs", collection.articles) as opened:
            for question in context.track(questions, "reading: asking", len(questions)):
                own_paragraph = Filters(article_ids=(question.article or "",))
                is_answered = opened.assistant.ask(question.text, filters=own_paragraph).answer is not None
                forced = opened.forced.ask(question.text, filters=own_paragraph)
                span = forced.short_answer or forced.answer
                spans += forced.short_answer is not None
                exact.append(exact_match(span if is_answered else None, question.answers))
                overlap.append(f1(span if is_answered else None, question.answers))
                (answerable if question.answerable else unanswerable).append(overlap[-1])
                if question.answerable:
                    forced_exact.append(exact_match(span, question.answers))
                    forced_overlap.append(f1(span, question.answers))
        columns = {
            "reading.exact_match": exact,
            "reading.f1": overlap,
            "reading.f1_answerable": answerable,
            "reading.f1_unanswerable": unanswerable,
            "reading.exact_match_answerable_forced": forced_exact,
            "reading.f1_answerable_forced": forced_overlap,
        }
        return SuiteResult(
            suite=self.name,
            figures=tuple(mean_figures(columns, headline=("reading.f1",))),
            notes=(
                "Our 8 articles are a sample of the 35 that the published figures were measured on.",
                (
                    "The accepted risk decides whether a question is answered. Compared is the span that the reader "
                    f"finds, likely or not, as of published readers ({spans} of {len(questions)}), else the sentence."
                ),
                "Forced means: of answerable questions, with abstention overruled.",
            ),
            sample=context.describe_sample(len(questions), len(collection.questions), "questions"),
            library=str(opened.folder),
            data=collection.files,
        )
