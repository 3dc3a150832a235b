"""The protocol of a suite, and the asking and judging of questions."""

from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.request import Message
from embeddings.filters import Filters
from embeddings.text.article import Article
from evals.answers import JudgedAnswer, Rule
from evals.context import Context, OpenedAssistant
from evals.data.collection import EvalQuestion
from evals.integrity import all_faults
from evals.result import SuiteResult


class Suite(Protocol):
    """A suite of measurements.

    Attributes:
        name: The suite's name, and the prefix of its figures.
        about: What it measures.
        ships: Whether all of its data is shipped, so that it runs in a fresh clone.
    """

    name: str
    about: str
    ships: bool

    def run(self, context: Context) -> SuiteResult:
        """Measure, and return the figures.

        Raises:
            DataMissing: The data is not on this machine.
        """


def ask_all(
    context: Context,
    opened: OpenedAssistant,
    label: str,
    *,
    questions: Sequence[EvalQuestion],
    articles: Sequence[Article],
    rule: Rule,
    top_k: int = 8,
    alone: bool = False,
) -> list[JudgedAnswer]:
    """Ask questions and judge the answers.

    Args:
        context: The suite's context.
        opened: The assistant.
        label: The label of the progress bar.
        questions: The questions.
        articles: The articles with which citations are compared.
        rule: Returns True if an answer is right.
        top_k: The most passages to look at.
        alone: Ask each question of its own article alone.
    """
    read = {article.id: article for article in articles}.__getitem__
    return [
        ask(
            opened,
            question,
            read,
            rule,
            filters=Filters(article_ids=(question.article or "",)) if alone else None,
            top_k=top_k,
        )
        for question in context.track(questions, label, len(questions))
    ]


def ask(
    opened: OpenedAssistant,
    question: EvalQuestion,
    read: Callable[[str], Article],
    rule: Rule,
    *,
    filters: Filters | None = None,
    top_k: int = 8,
    history: Sequence[Message] = (),
) -> JudgedAnswer:
    """Ask a question and judge the answer. If the assistant abstains wrongly, also ask it to answer at any risk."""
    answer = opened.assistant.ask(question.text, filters=filters, top_k=top_k, history=history)
    abstained_wrongly = answer.abstained and question.answerable
    forced_answer = answer
    if abstained_wrongly:
        forced_answer = opened.forced.ask(question.text, filters=filters, top_k=top_k, history=history)
    correct = question.answerable and rule(question, forced_answer)
    return JudgedAnswer(question, answer, forced_answer, correct, tuple(all_faults(answer, read)))
