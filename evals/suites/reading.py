"""Reading as published systems are measured: SQuAD 2.0, the gold paragraph alone, abstention counted."""

from embeddings.filters import Filters
from evals.answers import means
from evals.context import Context
from evals.data import squad
from evals.metrics.reading import exact_match, f1
from evals.result import Result


class Reading:
    """Each paragraph is an article, and each question is asked of its own paragraph only."""

    name = "reading"
    about = "SQuAD 2.0's official exact match and F1 on the gold paragraph, to stand beside published readers"
    ships = False

    def run(self, context: Context) -> Result:
        """Ask each question with a filter on its paragraph."""
        collection = squad.paragraphs(context.folder())
        questions = context.sample(collection.questions, 400)
        exact: list[float] = []
        overlap: list[float] = []
        has_answer: list[float] = []
        no_answer: list[float] = []
        shorter = 0
        with context.holding("squad-paragraphs", collection.articles) as opened:
            for question in context.track(questions, "reading: asking", len(questions)):
                answer = opened.subject.ask(question.text, filters=Filters(article_ids=(question.article or "",)))
                said = answer.short_answer or answer.answer
                shorter += answer.short_answer is not None
                exact.append(exact_match(said, question.answers))
                overlap.append(f1(said, question.answers))
                (has_answer if question.answerable else no_answer).append(overlap[-1])
        columns = {
            "reading.exact_match": exact,
            "reading.f1": overlap,
            "reading.f1_answerable": has_answer,
            "reading.f1_unanswerable": no_answer,
        }
        return Result(
            suite=self.name,
            figures=tuple(means(columns, headline=("reading.f1",))),
            notes=(
                "Our 8 articles are a sample of the 35 that the published figures were measured on.",
                f"Compared is the short answer where there is one ({shorter} of {len(questions)}), else the answer:",
                "a full sentence, which scores low in F1 and hardly ever matches exactly.",
            ),
            sample=context.described(len(questions), len(collection.questions), "questions"),
            library=str(opened.place),
            data=collection.files,
        )
