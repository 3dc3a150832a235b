"""Suites of questions that are asked of their own article alone: NewsQA, reworded questions, and twins."""

from evals.answers import (
    JudgedAnswer,
    answering_charts,
    answering_failures,
    answering_figures,
    cites_accepted_answer,
    exactness_figures,
    mean_figures,
)
from evals.context import Context
from evals.data import reading_rows, shipped
from evals.metrics.intervals import mean_interval
from evals.result import Figure, SuiteResult
from evals.suites.suite import ask_all

RIGHT = "Right means: a cited sentence holds an accepted answer, as whole words."


class TwinsSuite:
    """Short passages about two things of one kind."""

    name = "twins"
    about = "60 passages about two things of one kind; asked what it says of one, and what it does not say of the other"
    ships = True

    def run(self, context: Context) -> SuiteResult:
        """Ask both questions of each passage."""
        collection = shipped.twins()
        with context.empty_library(self.name) as opened:
            list(opened.assistant.library.add(collection.articles))
            asked = ask_all(
                context,
                opened,
                "twins: asking",
                questions=collection.questions,
                articles=collection.articles,
                rule=cites_accepted_answer,
                alone=True,
            )
        answered = [a.answered for a in asked if not a.question.answerable]
        return SuiteResult(
            suite=self.name,
            figures=(
                *exactness_figures(self.name, asked),
                *answering_figures(self.name, asked, headline=False),
                _wrongly_answered(self.name, answered),
            ),
            failures=answering_failures(asked, {}),
            charts=answering_charts(self.name, asked),
            notes=(RIGHT, "wrongly_answered is the share of questions about the other thing that are answered."),
            sample=f"all {len(asked)} questions",
            library=str(opened.folder),
            data=collection.files,
        )


class NewsQaSuite:
    """NewsQA: CNN articles, with questions by people who saw only headline and highlights."""

    name = "answering-newsqa"
    about = "NewsQA: questions on CNN articles, each asked of its own article"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask the questions."""
        collection = reading_rows.newsqa(context.data_folder())
        questions = context.sample(collection.questions, 400)
        with context.cached_library("newsqa", collection.articles) as opened:
            asked = ask_all(
                context,
                opened,
                f"{self.name}: asking",
                questions=questions,
                articles=collection.articles,
                rule=cites_accepted_answer,
                alone=True,
            )
        return SuiteResult(
            suite=self.name,
            figures=(*exactness_figures(self.name, asked), *answering_figures(self.name, asked)),
            failures=answering_failures(asked, {article.id: article.text for article in collection.articles}),
            charts=answering_charts(self.name, asked),
            notes=(RIGHT, "All questions are answerable, as their annotators saw it."),
            sample=context.describe_sample(len(questions), len(collection.questions), "questions"),
            library=str(opened.folder),
            data=collection.files,
        )


class RewordedSuite:
    """SQuAD's questions in other words, beside the questions as they were written."""

    name = "answering-reworded"
    about = "135 SQuAD questions reworded, and the same as they were written, each asked of its own paragraph"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask each question in both wordings."""
        collection, reworded = reading_rows.reworded(context.data_folder())
        with context.cached_library("squad-paragraphs", collection.articles) as opened:
            wordings = [
                ask_all(
                    context,
                    opened,
                    f"{self.name}: {label}",
                    questions=questions,
                    articles=collection.articles,
                    rule=cites_accepted_answer,
                    alone=True,
                )
                for label, questions in (("as written", collection.questions), ("reworded", reworded))
            ]
        written, other = wordings
        columns = {
            f"{self.name}.{figure}.{label}": values
            for label, asked in (("written", written), ("reworded", other))
            for figure, values in _columns(asked).items()
        }
        difference = [float(b.correct) - float(a.correct) for a, b in zip(written, other, strict=True)]
        return SuiteResult(
            suite=self.name,
            figures=(*mean_figures(columns | {f"{self.name}.difference": difference}),),
            failures=answering_failures(other, {article.id: article.text for article in collection.articles}),
            notes=(RIGHT, "The difference is paired: reworded minus as written, abstentions overruled."),
            sample=f"all {len(reworded)} questions in two wordings",
            library=str(opened.folder),
            data=collection.files,
        )


def _columns(asked: list[JudgedAnswer]) -> dict[str, list[float]]:
    return {
        "right_if_all_answered": [float(a.correct) for a in asked],
        "answered_rightly": [float(a.handled_well) for a in asked],
    }


def _wrongly_answered(name: str, answered: list[bool]) -> Figure:
    value, low, high = mean_interval(answered)
    return Figure(name=f"{name}.wrongly_answered", value=value, low=low, high=high, count=len(answered), better="lower")
