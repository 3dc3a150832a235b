"""The judged suite: which sentences of a small language model, judged one by one, the checker lets through."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.answering.generative import is_self_contained
from assistant.grounding.entailment import Checker
from assistant.grounding.windows import window_texts
from assistant.settings import Settings
from evals.context import Context
from evals.data.collection import Folder, json_lines
from evals.metrics.intervals import mean_interval
from evals.result import Failure, Figure, SuiteResult

FOLDER, FILE = Path(__file__).parent.parent / "results", "generative-read.jsonl"


class JudgedSentence(BaseModel):
    """A sentence of the model that a person has judged.

    Attributes:
        question: The question.
        sentence: The sentence.
        cited: The characters that it cites or, if the checker dropped it, those that are closest to it.
        left: Whether the checker let it through at that time.
        supported: Whether ``cited`` supports all of it.
        note: The person's remark.
    """

    question: str
    sentence: str
    cited: str
    left: bool
    supported: bool
    note: str

    model_config = ConfigDict(frozen=True)


class JudgedSuite:
    """The sentences that the language model of the suite ``generative`` once wrote, held against what they cite."""

    name = "judged"
    about = "260 sentences of a small language model, judged one by one: what it made up and leaves, what is lost"
    ships = True

    def run(self, context: Context) -> SuiteResult:
        """Count the unsupported sentences that leave and the supported ones that are lost."""
        judged = [
            JudgedSentence.model_validate(row) for row in json_lines(Folder(FOLDER).file(FILE, "The judged sentences"))
        ]
        checker = Checker.choose(Settings().reader)
        passes = {
            row: bool(accepted_citation(row.sentence, [row.cited], checker))
            for row in context.track(judged, self.name, len(judged))
        }
        left = [row for row in judged if passes[row] and not row.supported]
        return SuiteResult(
            suite=self.name,
            figures=(
                lower_figure("judged.unsupported_written", [not row.supported for row in judged]),
                lower_figure(
                    "judged.unsupported_left",
                    [passes[row] for row in judged if not row.supported],
                    headline=True,
                ),
                lower_figure(
                    "judged.supported_lost",
                    [not passes[row] for row in judged if row.supported],
                    headline=True,
                ),
            ),
            failures=tuple(
                Failure(question=row.question, found=row.sentence, wanted=row.cited, why=row.note, badness=1)
                for row in left
            ),
            notes=(f"{len(judged)} sentences were read one by one and judged: {FILE}.",),
            sample=f"all {len(judged)} sentences",
        )


def accepted_citation(sentence: str, passages: Sequence[str], checker: Checker) -> str:
    """Return what the assistant would cite for a sentence; an empty string if it would drop the sentence."""
    for passage in passages if is_self_contained(sentence) else ():
        for cited in window_texts(sentence, passage):
            if sentence == cited or checker.support(sentence, [cited], answers=True) != [None]:
                return cited
    return ""


def lower_figure(name: str, values: Sequence[bool], *, headline: bool = False) -> Figure:
    """Return the share of true values as a figure of which less is better."""
    value, low, high = mean_interval([float(one) for one in values]) if values else (0.0, 0.0, 0.0)
    return Figure(name=name, value=value, low=low, high=high, count=len(values), better="lower", headline=headline)
