"""From answers to figures: what was asked, whether it was right, and what the confidence was worth."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from assistant.answer import Answer
from evals.data.collection import EvalQuestion
from evals.metrics import selection
from evals.metrics.intervals import Floats, mean_interval, statistic_interval
from evals.metrics.reading import exact_match, f1, holds
from evals.metrics.spans import Region, span_score
from evals.plots import thin
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
SAME_SENTENCE = 0.9  # intersection over union: a splitter may keep a bracket that an annotator left out


@dataclass(frozen=True)
class JudgedAnswer:
    """A question, the answer that came, what it would be if it did not abstain, and whether that is right."""

    question: EvalQuestion
    answer: Answer
    would_be: Answer
    right: bool
    faults: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the assistant did not abstain."""
        return not self.answer.abstained

    @property
    def well(self) -> bool:
        """Whether the assistant did what it should: answer rightly, or abstain where there is no answer."""
        return self.answered and self.right if self.question.answerable else not self.answered


Rule = Callable[[EvalQuestion, Answer], bool]


def holds_answer(question: EvalQuestion, answer: Answer) -> bool:
    """An accepted answer stands in what is cited: the check for a collection where any paragraph may answer."""
    return any(holds(quote, question.answers) for _, quote in cited(answer))


def cites_wanted(question: EvalQuestion, answer: Answer) -> bool:
    """One of the citations is a wanted sentence, give or take a bracket."""
    return any(
        span_score([region], [wanted]).iou >= SAME_SENTENCE for region, _ in cited(answer) for wanted in question.wanted
    )


def touches_wanted(question: EvalQuestion, answer: Answer) -> bool:
    """At least half of a citation is wanted, or the other way round: for sentences that others have cut."""
    scores = [span_score([r], [w]) for r, _ in cited(answer) for w in question.wanted]
    return any(max(score.precision or 0.0, score.recall) >= 0.5 for score in scores)


def cited(answer: Answer) -> list[tuple[Region, str]]:
    """What the answer cites."""
    return [(Region(c.article_id, c.start, c.end), c.quote) for c in answer.citations]


def means(columns: Mapping[str, Sequence[float]], *, headline: Container[str] = ()) -> list[Figure]:
    """The mean of each column of one value a question, with its interval; a column without a question has none."""
    made = []
    for name, values in columns.items():
        if values:
            value, low, high = mean_interval(values)
            made.append(
                Figure(name=name, value=value, low=low, high=high, count=len(values), headline=name in headline)
            )
    return made


def figures(name: str, asked: Sequence[JudgedAnswer], *, headline: bool = True) -> list[Figure]:
    """The figures of answering and abstaining, each with its 95 % interval."""
    answerable = [a for a in asked if a.question.answerable]
    short = [a for a in answerable if a.answered and a.answer.short_answer is not None and a.question.answers]
    columns: dict[str, Sequence[float]] = {
        f"{name}.handled_well": [a.well for a in asked],
        f"{name}.answered_rightly": [a.well for a in answerable],
        f"{name}.abstained_rightly": [a.well for a in asked if not a.question.answerable],
        f"{name}.right_when_answering": [a.right for a in asked if a.answered],
        f"{name}.right_if_all_answered": [a.right for a in answerable],
        f"{name}.coverage": [a.answered for a in asked],
        f"{name}.short_answer_exact": [exact_match(a.answer.short_answer, a.question.answers) for a in short],
        f"{name}.short_answer_f1": [f1(a.answer.short_answer, a.question.answers) for a in short],
    }
    headlines = (f"{name}.handled_well", f"{name}.right_when_answering") if headline else ()
    confidence = [a.answer.confidence for a in asked]
    return [
        *means(columns, headline=headlines),
        *_statistics(name, _STATISTICS, confidence, [float(a.right) for a in asked]),
        *_statistics(f"{name}.answerable", _STATISTICS[:1], confidence, [float(a.question.answerable) for a in asked]),
    ]


def exactness(name: str, asked: Sequence[JudgedAnswer], *, headline: bool = False) -> list[Figure]:
    """The share of answers in which no citation and no passage has a fault."""
    figure = f"{name}.citations_exact"
    return means({figure: [not a.faults for a in asked]}, headline=(figure,) if headline else ())


def charts(name: str, asked: Sequence[JudgedAnswer]) -> tuple[Curve, Reliability]:
    """The risk–coverage curve with where the assistant stands, and the reliability of its confidence."""
    confidence, right = _columns(asked)
    curve = selection.risk_coverage(confidence, right)
    answered = [a for a in asked if a.answered]
    chosen = (len(answered) / len(asked), 1 - float(np.mean([a.right for a in answered]))) if answered else None
    picks = thin(curve.coverage.tolist())
    bins = selection.reliability(confidence, right)
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
            right=tuple(b.right for b in bins),
            counts=tuple(b.size for b in bins),
        ),
    )


def failures(asked: Iterable[JudgedAnswer], articles: dict[str, str]) -> tuple[Failure, ...]:
    """What went wrong, the most confident first. ``articles`` gives texts by id, to say what was wanted."""
    found = [_failure(a, articles) for a in asked if not a.well or a.faults]
    return tuple(sorted(found, key=lambda failure: (-failure.badness, failure.question)))


def _statistics(
    name: str, statistics: Sequence[_Statistic], confidence: Sequence[float], right: Sequence[float]
) -> list[Figure]:
    made = []
    for label, statistic, better in statistics:
        value, low, high = statistic_interval(statistic, confidence, right)
        if not np.isnan(value):
            made.append(
                Figure(name=f"{name}.{label}", value=value, low=low, high=high, count=len(right), better=better)
            )
    return made


def _columns(asked: Sequence[JudgedAnswer]) -> tuple[list[float], list[float]]:
    return [a.answer.confidence for a in asked], [float(a.right) for a in asked]


def _failure(asked: JudgedAnswer, articles: dict[str, str]) -> Failure:
    question, answer = asked.question, asked.answer
    quotes = [articles[w.document][w.start : w.end] for w in question.wanted if w.document in articles]
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
        why=f"{why} · confidence {answer.confidence:.2f}",
        link=links[0] if links else None,
        badness=2.0 if asked.faults else answer.confidence if asked.answered else (1 - answer.confidence) / 2,
    )
