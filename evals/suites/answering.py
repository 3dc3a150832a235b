"""Suites of answering and abstaining over a whole collection: SQuAD 2.0 and CLAPNQ."""

from collections.abc import Sequence
from dataclasses import replace

from embeddings.filters import Filters
from evals.answers import (
    JudgedAnswer,
    answering_charts,
    answering_failures,
    answering_figures,
    cited_regions,
    cites_accepted_answer,
    exactness_figures,
    mean_figures,
    overlaps_gold_span,
)
from evals.context import Context, OpenedAssistant
from evals.data import clapnq, squad
from evals.data.collection import Collection, sample
from evals.metrics.spans import span_score
from evals.result import SuiteResult
from evals.suites.suite import ask, ask_all


class SquadPagesSuite:
    """SQuAD 2.0 with each of the eight Wikipedia pages as an article."""

    name = "answering-squad"
    about = "SQuAD 2.0 questions over eight whole Wikipedia pages; right answers, abstentions, confidence"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask the questions, and some answerable ones again without the page that answers them."""
        collection = squad.pages(context.data_folder())
        questions = context.sample(collection.questions, 400)
        with context.cached_library("squad-pages", collection.articles) as opened:
            asked = ask_all(
                context,
                opened,
                f"{self.name}: asking",
                questions=questions,
                articles=collection.articles,
                rule=cites_accepted_answer,
            )
            answerable = [a for a in asked if a.question.answerable]
            elsewhere = _ask_other_pages(context, opened, collection, answerable)
        unanswerable = [a for a in asked if not a.question.answerable]
        mix = answerable + sample(unanswerable, len(answerable) // 8) + elsewhere
        return SuiteResult(
            suite=self.name,
            figures=(
                *exactness_figures(self.name, [*asked, *elsewhere]),
                *answering_figures(self.name, asked),
                *answering_figures(f"{self.name}.mix", mix, headline=False),
            ),
            failures=answering_failures(asked, {article.id: article.text for article in collection.articles}),
            charts=(*answering_charts(self.name, asked), *answering_charts(f"{self.name}, the stated mix", mix)),
            notes=(
                "Right means: a cited sentence holds an accepted answer, as whole words.",
                "Another paragraph than the question's own may hold it, rightly or by chance; not told apart here.",
                "In SQuAD half of the questions cannot be answered and were written to look as if they could.",
                f"The stated mix: 80 % answerable, 10 % such questions, 10 % asked of other pages; {len(mix)} in all.",
            ),
            sample=context.describe_sample(len(questions), len(collection.questions), "questions"),
            library=str(opened.folder),
            data=collection.files,
        )


class SquadParagraphsSuite:
    """SQuAD 2.0 with each paragraph as an article, all of which are searched."""

    name = "answering-paragraphs"
    about = "SQuAD 2.0 questions over 320 paragraphs; their order as it is answered from, and what is cited"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask the questions over all paragraphs."""
        collection = squad.paragraphs(context.data_folder())
        questions = context.sample(collection.questions, 500)
        with context.cached_library("squad-paragraphs", collection.articles) as opened:
            asked = ask_all(
                context,
                opened,
                f"{self.name}: asking",
                questions=questions,
                articles=collection.articles,
                rule=cites_accepted_answer,
                top_k=10,
            )
        reciprocal = [_reciprocal_rank(a) for a in asked if a.question.answerable]
        return SuiteResult(
            suite=self.name,
            figures=(
                *exactness_figures(self.name, asked),
                *mean_figures({f"{self.name}.RR@10": reciprocal}),
                *answering_figures(self.name, asked),
            ),
            failures=answering_failures(asked, {article.id: article.text for article in collection.articles}),
            charts=answering_charts(self.name, asked),
            notes=(
                "Right means: a cited sentence holds an accepted answer, as whole words.",
                "RR@10 is that of the question's own paragraph among the passages of the answer.",
            ),
            sample=context.describe_sample(len(questions), len(collection.questions), "questions"),
            library=str(opened.folder),
            data=collection.files,
        )


class ClapnqSuite:
    """CLAPNQ with each of the three hundred passages as an article."""

    name = "answering-clapnq"
    about = "questions typed into a search engine, 300 Wikipedia passages; cited sentences, abstentions"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask the questions over all passages."""
        collection = clapnq.passages(context.data_folder())
        usable = [question for question in collection.questions if question.gold or not question.answerable]
        questions = context.sample(usable, 150)
        with context.cached_library("clapnq", collection.articles) as opened:
            asked = ask_all(
                context,
                opened,
                f"{self.name}: asking",
                questions=questions,
                articles=collection.articles,
                rule=overlaps_gold_span,
            )
        return SuiteResult(
            suite=self.name,
            figures=(
                *exactness_figures(self.name, asked),
                *answering_figures(self.name, asked),
                *mean_figures({f"{self.name}.cited_f1": [_cited_f1(a) for a in asked if a.question.answerable]}),
            ),
            failures=answering_failures(asked, {article.id: article.text for article in collection.articles}),
            charts=answering_charts(self.name, asked),
            notes=(
                "Right means: half of a cited sentence is one that a person's answer rests on, or the other way round.",
                "The F1 is that of the characters cited and wanted, abstentions overruled.",
                "Skipped are questions whose answer rests on no sentence of the passage as it was cut.",
                "Unanswerable means that the question's own passage does not answer it; another one of the 300 may.",
            ),
            sample=context.describe_sample(len(questions), len(usable), "questions"),
            skipped=len(collection.questions) - len(usable),
            library=str(opened.folder),
            data=collection.files,
        )


def _reciprocal_rank(asked: JudgedAnswer) -> float:
    own = [passage.article_id == asked.question.article for passage in asked.answer.passages]
    return 1 / (1 + own.index(True)) if any(own) else 0.0


def _cited_f1(asked: JudgedAnswer) -> float:
    score = span_score([region for region, _ in cited_regions(asked.forced_answer)], asked.question.gold)
    precision = score.precision or 0.0
    return 2 * precision * score.recall / (precision + score.recall) if score.recall else 0.0


def _ask_other_pages(
    context: Context, opened: OpenedAssistant, collection: Collection, answerable: Sequence[JudgedAnswer]
) -> list[JudgedAnswer]:
    """Ask an eighth of the answerable questions with their own page filtered out, which makes them unanswerable."""
    questions = [a.question for a in sample(answerable, len(answerable) // 8, seed=1)]
    read = {article.id: article for article in collection.articles}.__getitem__
    asked = []
    for question in context.track(questions, "answering-squad: asking the wrong pages", len(questions)):
        others = tuple(article.id for article in collection.articles if article.id != question.article)
        unanswerable = replace(question, answerable=False, answers=(), gold=(), kind="elsewhere")
        asked.append(ask(opened, unanswerable, read, cites_accepted_answer, filters=Filters(article_ids=others)))
    return asked
