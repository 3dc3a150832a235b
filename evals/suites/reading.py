"""Reading as published systems are measured: SQuAD 2.0, the gold paragraph alone, abstention counted."""

from embeddings.filters import Filters
from evals.answers import means
from evals.context import Context
from evals.data import squad
from evals.metrics.reading import exact_match, f1
from evals.result import SuiteResult


class ReadingSuite:
    """Each paragraph is an article, and each question is asked of its own paragraph only."""

    name = "reading"
    about = "SQuAD 2.0's official exact match and F1 on the gold paragraph, to stand beside published readers"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask each question with a filter on its paragraph."""
        collection = squad.paragraphs(context.folder())
        questions = context.sample(collection.questions, 400)
        exact: list[float] = []
        overlap: list[float] = []
        has_answer: list[float] = []
        no_answer: list[float] = []
        bold_exact: list[float] = []
        bold_overlap: list[float] = []
        shorter = 0
        with context.holding("squad-paragraphs", collection.articles) as opened:
            for question in context.track(questions, "reading: asking", len(questions)):
                own = Filters(article_ids=(question.article or "",))
                answer = opened.subject.ask(question.text, filters=own)
                said = answer.short_answer or answer.answer
                shorter += answer.short_answer is not None
                exact.append(exact_match(said, question.answers))
                overlap.append(f1(said, question.answers))
                (has_answer if question.answerable else no_answer).append(overlap[-1])
                if question.answerable:
                    would_be = opened.bold.ask(question.text, filters=own)
                    found = would_be.short_answer or would_be.answer
                    bold_exact.append(exact_match(found, question.answers))
                    bold_overlap.append(f1(found, question.answers))
        columns = {
            "reading.exact_match": exact,
            "reading.f1": overlap,
            "reading.f1_answerable": has_answer,
            "reading.f1_unanswerable": no_answer,
            "reading.exact_match_answerable_forced": bold_exact,
            "reading.f1_answerable_forced": bold_overlap,
        }
        return SuiteResult(
            suite=self.name,
            figures=tuple(means(columns, headline=("reading.f1",))),
            notes=(
                "Our 8 articles are a sample of the 35 that the published figures were measured on.",
                f"Compared is the short answer where there is one ({shorter} of {len(questions)}), else the answer:",
                "a full sentence, which scores low in F1 and hardly ever matches exactly.",
                "Forced means: of answerable questions, with abstention overruled.",
            ),
            sample=context.described(len(questions), len(collection.questions), "questions"),
            library=str(opened.place),
            data=collection.files,
        )
