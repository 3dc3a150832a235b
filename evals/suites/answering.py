"""Answering and abstaining over a whole collection: SQuAD 2.0's pages, and CLAPNQ's passages."""

from collections.abc import Sequence
from dataclasses import replace

from embeddings.filters import Filters
from evals.answers import JudgedAnswer, charts, cited, exactness, failures, figures, holds_answer, means, touches_wanted
from evals.context import Context, Opened
from evals.data import clapnq, squad
from evals.data.collection import Collection, sample
from evals.metrics.spans import span_score
from evals.result import SuiteResult
from evals.suites.suite import ask, ask_all


class SquadPagesSuite:
    """Each Wikipedia page is one article, all eight are searched."""

    name = "answering-squad"
    about = "SQuAD 2.0 questions over eight whole Wikipedia pages; right answers, abstentions, confidence"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask, then ask some answerable questions of all the pages but their own."""
        collection = squad.pages(context.folder())
        questions = context.sample(collection.questions, 400)
        with context.holding("squad-pages", collection.articles) as opened:
            asked = ask_all(
                context,
                opened,
                f"{self.name}: asking",
                questions=questions,
                articles=collection.articles,
                rule=holds_answer,
            )
            answerable = [a for a in asked if a.question.answerable]
            elsewhere = _elsewhere(context, opened, collection, answerable)
        mix = answerable + _eighth(answerable, [a for a in asked if not a.question.answerable]) + elsewhere
        return SuiteResult(
            suite=self.name,
            figures=(
                *exactness(self.name, [*asked, *elsewhere]),
                *figures(self.name, asked),
                *figures(f"{self.name}.mix", mix, headline=False),
            ),
            failures=failures(asked, {article.id: article.text for article in collection.articles}),
            charts=(*charts(self.name, asked), *charts(f"{self.name}, the stated mix", mix)),
            notes=(
                "Right means: a cited sentence holds an accepted answer, as whole words.",
                "Another paragraph than the question's own may hold it, rightly or by chance; not told apart here.",
                "In SQuAD half of the questions cannot be answered and were written to look as if they could.",
                f"The stated mix: 80 % answerable, 10 % such questions, 10 % asked of other pages; {len(mix)} in all.",
            ),
            sample=context.described(len(questions), len(collection.questions), "questions"),
            library=str(opened.place),
            data=collection.files,
        )


class SquadParagraphsSuite:
    """Each paragraph is an article, and nothing says which of them a question is about."""

    name = "answering-paragraphs"
    about = "SQuAD 2.0 questions over 320 paragraphs; their order as it is answered from, and what is cited"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask."""
        collection = squad.paragraphs(context.folder())
        questions = context.sample(collection.questions, 500)
        with context.holding("squad-paragraphs", collection.articles) as opened:
            asked = ask_all(
                context,
                opened,
                f"{self.name}: asking",
                questions=questions,
                articles=collection.articles,
                rule=holds_answer,
                top_k=10,
            )
        reciprocal = [_reciprocal_rank(a) for a in asked if a.question.answerable]
        return SuiteResult(
            suite=self.name,
            figures=(
                *exactness(self.name, asked),
                *means({f"{self.name}.RR@10": reciprocal}),
                *figures(self.name, asked),
            ),
            failures=failures(asked, {article.id: article.text for article in collection.articles}),
            charts=charts(self.name, asked),
            notes=(
                "Right means: a cited sentence holds an accepted answer, as whole words.",
                "RR@10 is that of the question's own paragraph among the passages of the answer.",
            ),
            sample=context.described(len(questions), len(collection.questions), "questions"),
            library=str(opened.place),
            data=collection.files,
        )


class ClapnqSuite:
    """Each passage is one article, all three hundred are searched."""

    name = "answering-clapnq"
    about = "questions typed into a search engine, 300 Wikipedia passages; cited sentences, abstentions"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask."""
        collection = clapnq.passages(context.folder())
        usable = [question for question in collection.questions if question.wanted or not question.answerable]
        questions = context.sample(usable, 150)
        with context.holding("clapnq", collection.articles) as opened:
            asked = ask_all(
                context,
                opened,
                f"{self.name}: asking",
                questions=questions,
                articles=collection.articles,
                rule=touches_wanted,
            )
        return SuiteResult(
            suite=self.name,
            figures=(
                *exactness(self.name, asked),
                *figures(self.name, asked),
                *means({f"{self.name}.cited_f1": [_cited_f1(a) for a in asked if a.question.answerable]}),
            ),
            failures=failures(asked, {article.id: article.text for article in collection.articles}),
            charts=charts(self.name, asked),
            notes=(
                "Right means: half of a cited sentence is one that a person's answer rests on, or the other way round.",
                "The F1 is that of the characters cited and wanted, abstentions overruled.",
                "Skipped are questions whose answer rests on no sentence of the passage as it was cut.",
                "Unanswerable means that the question's own passage does not answer it; another one of the 300 may.",
            ),
            sample=context.described(len(questions), len(usable), "questions"),
            skipped=len(collection.questions) - len(usable),
            library=str(opened.place),
            data=collection.files,
        )


def _reciprocal_rank(asked: JudgedAnswer) -> float:
    own = [passage.article_id == asked.question.article for passage in asked.answer.passages]
    return 1 / (1 + own.index(True)) if any(own) else 0.0


def _cited_f1(asked: JudgedAnswer) -> float:
    score = span_score([region for region, _ in cited(asked.would_be)], asked.question.wanted)
    precision = score.precision or 0.0
    return 2 * precision * score.recall / (precision + score.recall) if score.recall else 0.0


def _eighth(answerable: Sequence[JudgedAnswer], others: Sequence[JudgedAnswer]) -> list[JudgedAnswer]:
    return sample(others, len(answerable) // 8)


def _elsewhere(
    context: Context, opened: Opened, collection: Collection, answerable: Sequence[JudgedAnswer]
) -> list[JudgedAnswer]:
    """An eighth as many questions as there are answerable ones, asked of the pages that do not answer them."""
    picked = [a.question for a in sample(answerable, len(answerable) // 8, seed=1)]
    read = {article.id: article for article in collection.articles}.__getitem__
    asked = []
    for question in context.track(picked, "answering-squad: asking the wrong pages", len(picked)):
        others = tuple(article.id for article in collection.articles if article.id != question.article)
        moved = replace(question, answerable=False, answers=(), wanted=(), kind="elsewhere")
        asked.append(ask(opened, moved, read, holds_answer, filters=Filters(article_ids=others)))
    return asked
