"""The suite of the user's own questions on their own library."""

from contextlib import closing

from assistant.answer import Answer
from embeddings.errors import ArticleNotFound
from embeddings.text.article import Article
from evals.answers import (
    JudgedAnswer,
    answering_charts,
    answering_failures,
    answering_figures,
    cites_accepted_answer,
    exactness_figures,
    mean_figures,
    overlaps_gold_span,
)
from evals.context import Context, MeasuredAssistant, OpenedAssistant
from evals.data import own
from evals.data.collection import EvalQuestion, fingerprint
from evals.data.own import OwnQuestion
from evals.errors import MalformedQuestions
from evals.metrics.spans import Region
from evals.result import Figure, SuiteResult
from evals.suites.suite import ask


class OwnSuite:
    """The strictest thing that a line names is checked: the quote, else the answers, else the article."""

    name = "own"
    about = "the questions of --questions over the library of --library"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask the questions. The library is not changed.

        Raises:
            MalformedQuestions: A line is not a question, or names an article or quote that is not in the library.
        """
        if context.questions is None or context.library is None:
            raise ValueError("own questions need a file and a library")
        lines = own.read_questions(context.questions)
        with closing(OpenedAssistant(context, context.library)) as opened:
            asked: list[JudgedAnswer] = []
            texts: dict[str, str] = {}
            for number, line in context.track(lines, "own: asking", len(lines)):
                article = _article(opened.assistant, line, number)
                question = _question(line, article, number)
                if article:
                    texts[article.id] = article.text
                asked.append(ask(opened, question, opened.assistant.get, _is_right))
        return SuiteResult(
            suite=self.name,
            figures=(
                *exactness_figures(self.name, asked),
                *answering_figures(self.name, asked),
                *_article_found(asked),
            ),
            failures=answering_failures(asked, texts),
            charts=answering_charts(self.name, asked),
            notes=(
                "Right means: with a quote, a citation shares half of it; else with answers, a citation holds one;",
                "else with an article, it is cited; else there is an answer at all.",
            ),
            sample=f"all {len(asked)} questions",
            library=str(context.library),
            data={context.questions.name: fingerprint([context.questions.read_text(encoding="utf-8")])},
        )


def _is_right(question: EvalQuestion, answer: Answer) -> bool:
    if question.gold:
        return overlaps_gold_span(question, answer)
    if question.answers:
        return cites_accepted_answer(question, answer)
    if question.article:
        return any(citation.article_id == question.article for citation in answer.citations)
    return not answer.abstained


def _article_found(asked: list[JudgedAnswer]) -> list[Figure]:
    """Return the share of questions whose article is among the passages that were found."""
    named = [a for a in asked if a.question.answerable and a.question.article]
    found = [float(any(p.article_id == a.question.article for p in a.answer.passages)) for a in named]
    return mean_figures({"own.article_found": found})


def _article(subject: MeasuredAssistant, line: OwnQuestion, number: int) -> Article | None:
    if line.article_id is None and line.url is None:
        return None
    id_ = line.article_id or Article.create("any", url=line.url).id  # an article's id follows from its URL
    try:
        return subject.get(id_)
    except ArticleNotFound:
        raise MalformedQuestions(
            f"Line {number} names an article that is not in the library.",
            expected="the id or url of an article in this library",
            got=repr(line.article_id or line.url),
            hint="`assistant list` prints both.",
        ) from None


def _question(line: OwnQuestion, article: Article | None, number: int) -> EvalQuestion:
    gold = []
    if line.quote and article:
        start = article.text.find(line.quote)
        while start >= 0:
            gold.append(Region(article.id, start, start + len(line.quote)))
            start = article.text.find(line.quote, start + 1)
        if not gold:
            raise MalformedQuestions(
                f"The quote of line {number} is not in its article.",
                expected=f"characters of {article.title!r}",
                got=repr(line.quote[:80]),
                hint="Copy it from `assistant show`; every character counts.",
            )
    return EvalQuestion(
        id=f"own-{number}",
        text=line.question,
        answerable=line.answerable,
        answers=line.answers,
        gold=tuple(gold),
        article=article.id if article else None,
    )
