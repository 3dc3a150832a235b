"""Judged answers, and the figures, charts and failures that are computed from them."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from assistant.answer import Answer
from evals.data.collection import EvalQuestion
from evals.metrics import selection
from evals.metrics.intervals import Floats, mean_interval, statistic_interval
from evals.metrics.reading import agrees, contains_answer, exact_match, f1
from evals.metrics.spans import Region, span_score
from evals.plots import evenly_spaced
from evals.result import Better, Curve, Failure, Figure, Reliability

_Statistic = tuple[str, Callable[[Floats, Floats], float], Better]
_STATISTICS: tuple[_Statistic, ...] = (
    ("auroc", selection.auroc, "higher"),
    ("accuracy_at_50", partial(selection.accuracy_at, coverage=0.5), "higher"),
    ("accuracy_at_80", partial(selection.accuracy_at, coverage=0.8), "higher"),
    ("accuracy_at_95", partial(selection.accuracy_at, coverage=0.95), "higher"),
    ("calibration_error", selection.calibration_error, "lower"),
    ("area_under_risk", selection.area_under_risk, "lower"),
)
# Intersection over union above which two spans are the same sentence: one may have a bracket that the other has not.
SAME_SENTENCE = 0.9


@dataclass(frozen=True)
class JudgedAnswer:
    """A question with its answer.

    Attributes:
        question: The question.
        answer: The answer, which may be an abstention.
        forced_answer: The answer of an assistant that accepts any risk.
        correct: Whether the forced answer is right.
        faults: What is wrong with the answer whatever the question, such as an inexact citation.
    """

    question: EvalQuestion
    answer: Answer
    forced_answer: Answer
    correct: bool
    faults: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """The answer's confidence; 0 for a digest, which has none."""
        return self.answer.confidence or 0.0

    @property
    def answered(self) -> bool:
        """True if the assistant did not abstain."""
        return not self.answer.abstained

    @property
    def handled_well(self) -> bool:
        """True if the assistant answered rightly, or abstained where there is no answer."""
        return self.answered and self.correct if self.question.answerable else not self.answered


Rule = Callable[[EvalQuestion, Answer], bool]
"""Returns True if an answer to a question is right."""


def cites_accepted_answer(question: EvalQuestion, answer: Answer) -> bool:
    """Return True if a citation contains an accepted answer: the rule for collections without gold spans."""
    return any(contains_answer(quote, question.answers) for _, quote in cited_regions(answer))


def cites_gold_span(question: EvalQuestion, answer: Answer) -> bool:
    """Return True if a citation is a gold span, with an intersection over union of at least ``SAME_SENTENCE``."""
    return any(
        span_score([region], [gold]).iou >= SAME_SENTENCE
        for region, _ in cited_regions(answer)
        for gold in question.gold
    )


def overlaps_gold_span(question: EvalQuestion, answer: Answer) -> bool:
    """Return True if half of a citation is in a gold span or half of a gold span is cited.

    This is the rule for gold sentences that were segmented by others.
    """
    scores = [span_score([region], [gold]) for region, _ in cited_regions(answer) for gold in question.gold]
    return any(max(score.precision or 0.0, score.recall) >= 0.5 for score in scores)


def cited_regions(answer: Answer) -> list[tuple[Region, str]]:
    """Return the region and the quote of each citation."""
    return [(Region(c.article_id, c.start, c.end), c.quote) for c in answer.citations]


def mean_figures(columns: Mapping[str, Sequence[float]], *, headline: Container[str] = ()) -> list[Figure]:
    """Return the mean of each column, with its 95 % interval. Empty columns are left out.

    Args:
        columns: One value for each question, by the figure's name.
        headline: The names of the headline figures.
    """
    figures = []
    for name, values in columns.items():
        if values:
            value, low, high = mean_interval(values)
            figures.append(
                Figure(name=name, value=value, low=low, high=high, count=len(values), headline=name in headline)
            )
    return figures


def answering_figures(name: str, asked: Sequence[JudgedAnswer], *, headline: bool = True) -> list[Figure]:
    """Return the figures of answering and abstaining, each with its 95 % interval."""
    answerable = [a for a in asked if a.question.answerable]
    factual = [a for a in answerable if a.answered and a.question.answers]
    short = [a for a in factual if a.answer.short_answer is not None]
    columns: dict[str, Sequence[float]] = {
        f"{name}.handled_well": [a.handled_well for a in asked],
        f"{name}.answered_rightly": [a.handled_well for a in answerable],
        f"{name}.abstained_rightly": [a.handled_well for a in asked if not a.question.answerable],
        f"{name}.right_when_answering": [a.correct for a in asked if a.answered],
        f"{name}.right_if_all_answered": [a.correct for a in answerable],
        f"{name}.coverage": [a.answered for a in asked],
        f"{name}.short_answer_shown": [a.answer.short_answer is not None for a in factual],
        f"{name}.short_answer_right": [agrees(a.answer.short_answer or "", a.question.answers) for a in short],
        f"{name}.short_answer_exact": [exact_match(a.answer.short_answer, a.question.answers) for a in short],
        f"{name}.short_answer_f1": [f1(a.answer.short_answer, a.question.answers) for a in short],
    }
    headlines = (f"{name}.handled_well", f"{name}.right_when_answering") if headline else ()
    confidence = [a.confidence for a in asked]
    return [
        *mean_figures(columns, headline=headlines),
        *_statistics(name, _STATISTICS, confidence, [float(a.correct) for a in asked]),
        *_statistics(f"{name}.answerable", _STATISTICS[:1], confidence, [float(a.question.answerable) for a in asked]),
    ]


def exactness_figures(name: str, asked: Sequence[JudgedAnswer], *, headline: bool = False) -> list[Figure]:
    """Return the share of answers without a fault."""
    figure = f"{name}.citations_exact"
    return mean_figures({figure: [not a.faults for a in asked]}, headline=(figure,) if headline else ())


def answering_charts(name: str, asked: Sequence[JudgedAnswer]) -> tuple[Curve, Reliability]:
    """Return the risk–coverage curve, with the assistant's own coverage and risk, and the reliability diagram."""
    confidence, correct = [a.confidence for a in asked], [float(a.correct) for a in asked]
    curve = selection.risk_coverage(confidence, correct)
    answered = [a for a in asked if a.answered]
    chosen = (len(answered) / len(asked), 1 - float(np.mean([a.correct for a in answered]))) if answered else None
    picks = evenly_spaced(curve.coverage.tolist())
    bins = selection.reliability(confidence, correct)
    return (
        Curve(
            title=f"{name}: risk over coverage, {len(asked):,} questions",
            coverage=tuple(float(curve.coverage[i]) for i in picks),
            risk=tuple(float(curve.risk[i]) for i in picks),
            chosen=chosen,
        ),
        Reliability(
            title=f"{name}: how often it is right at each confidence",
            confidence=tuple(b.confidence for b in bins),
            right=tuple(b.accuracy for b in bins),
            counts=tuple(b.size for b in bins),
        ),
    )


def answering_failures(asked: Iterable[JudgedAnswer], articles: dict[str, str]) -> tuple[Failure, ...]:
    """Return the failures, the most confident first.

    Args:
        asked: The judged answers.
        articles: Texts by article id, from which the gold spans are quoted.
    """
    failures = [_failure(a, articles) for a in asked if not a.handled_well or a.faults]
    return tuple(sorted(failures, key=lambda failure: (-failure.badness, failure.question)))


def _statistics(
    name: str, statistics: Sequence[_Statistic], confidence: Sequence[float], correct: Sequence[float]
) -> list[Figure]:
    figures = []
    for label, statistic, better in statistics:
        value, low, high = statistic_interval(statistic, confidence, correct)
        if not np.isnan(value):
            figures.append(
                Figure(name=f"{name}.{label}", value=value, low=low, high=high, count=len(correct), better=better)
            )
    return figures


def _failure(asked: JudgedAnswer, articles: dict[str, str]) -> Failure:
    question, answer = asked.question, asked.answer
    quotes = [articles[gold.document][gold.start : gold.end] for gold in question.gold if gold.document in articles]
    wanted = " — in ".join([*question.answers[:1], *(f"“{quote}”" for quote in quotes[:1])])
    if asked.faults:
        why = "; ".join(dict.fromkeys(asked.faults))
    elif not question.answerable:
        why = "answered what the articles do not say"
    else:
        why = "answered with something else" if asked.answered else f"abstained: {answer.reason}"
    links = [citation.link for citation in answer.citations] or [passage.link for passage in answer.passages]
    return Failure(
        question=question.text,
        found=answer.answer
        or "nothing; the best passage was: " + (answer.passages[0].text if answer.passages else "none"),
        wanted=wanted if question.answerable else "to abstain",
        why=f"{why} · confidence {asked.confidence:.2f}",
        link=links[0] if links else None,
        badness=2.0 if asked.faults else asked.confidence if asked.answered else (1 - asked.confidence) / 2,
    )
