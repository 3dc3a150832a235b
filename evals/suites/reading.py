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
        """Ask the questions, and the answerable ones also at any risk."""
        collection = squad.paragraphs(context.data_folder())
        questions = context.sample(collection.questions, 400)
        exact: list[float] = []
        overlap: list[float] = []
        answerable: list[float] = []
        unanswerable: list[float] = []
        forced_exact: list[float] = []
        forced_overlap: list[float] = []
        short_answers = 0
        with context.cached_library("squad-paragraphs", collection.articles) as opened:
            for question in context.track(questions, "reading: asking", len(questions)):
                own_paragraph = Filters(article_ids=(question.article or "",))
                answer = opened.assistant.ask(question.text, filters=own_paragraph)
                text = answer.short_answer or answer.answer
                short_answers += answer.short_answer is not None
                exact.append(exact_match(text, question.answers))
                overlap.append(f1(text, question.answers))
                (answerable if question.answerable else unanswerable).append(overlap[-1])
                if question.answerable:
                    forced_answer = opened.forced.ask(question.text, filters=own_paragraph)
                    forced_text = forced_answer.short_answer or forced_answer.answer
                    forced_exact.append(exact_match(forced_text, question.answers))
                    forced_overlap.append(f1(forced_text, question.answers))
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
                    f"Compared is the short answer where there is one ({short_answers} of {len(questions)}), "
                    "else the answer:"
                ),
                "a full sentence, which scores low in F1 and hardly ever matches exactly.",
                "Forced means: of answerable questions, with abstention overruled.",
            ),
            sample=context.describe_sample(len(questions), len(collection.questions), "questions"),
            library=str(opened.folder),
            data=collection.files,
        )
