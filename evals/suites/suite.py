"""The protocol of a suite."""

from collections.abc import Callable, Sequence
from typing import Protocol

from embeddings.filters import Filters
from embeddings.text.article import Article
from evals.answers import JudgedAnswer, Rule
from evals.context import Context, Opened
from evals.data.collection import EvalQuestion
from evals.integrity import all_faults
from evals.result import SuiteResult


class Suite(Protocol):
    """Something that is measured. ``ships`` says that all of its data does, so that it runs on a fresh clone."""

    name: str
    about: str
    ships: bool

    def run(self, context: Context) -> SuiteResult:
        """Measure.

        Raises:
            DataMissing: the data is not on this machine.
        """


def ask_all(
    context: Context,
    opened: Opened,
    label: str,
    *,
    questions: Sequence[EvalQuestion],
    articles: Sequence[Article],
    rule: Rule,
    top_k: int = 8,
) -> list[JudgedAnswer]:
    """Ask every question; judge each answer by the rule, and each of its citations by the articles."""
    read = {article.id: article for article in articles}.__getitem__
    return [
        ask(opened, question, read, rule, top_k=top_k) for question in context.track(questions, label, len(questions))
    ]


def ask(
    opened: Opened,
    question: EvalQuestion,
    read: Callable[[str], Article],
    rule: Rule,
    *,
    filters: Filters | None = None,
    top_k: int = 8,
) -> JudgedAnswer:
    """Ask one question. Where the assistant abstains, its bold twin says what it would have answered."""
    answer = opened.subject.ask(question.text, filters=filters, top_k=top_k)
    wanted = answer.abstained and question.answerable
    would_be = opened.bold.ask(question.text, filters=filters, top_k=top_k) if wanted else answer
    right = question.answerable and rule(question, would_be)
    return JudgedAnswer(question, answer, would_be, right, tuple(all_faults(answer, read)))
