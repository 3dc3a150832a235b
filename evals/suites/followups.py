"""Suites of follow-up questions: whether they find their passage, and whether other questions are left unchanged.

Every question that depends on its history is asked in three ways: without the history, which is the lower bound; with
the history, as users ask it; and in its author's standalone wording, which is the upper bound.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.answer import Answer, Location
from evals.answers import mean_figures
from evals.context import Context, MeasuredAssistant
from evals.data import dialogues
from evals.data.dialogues import Dialogue, Dialogues
from evals.data.shipped import seed_file
from evals.metrics.spans import Region
from evals.result import Bars, Failure, SuiteResult

_NOTE = (
    "as_asked: without the history; filled_in: with it; by_hand: as its author asks it alone. found: one of the 8 "
    "passages holds the answer; first: the first does; answered: it is cited."
)


class ShippedFollowUpsSuite:
    """Conversations about the seed article and the exact articles."""

    name = "followups"
    about = "36 conversations over what ships: follow-ups that find their passage, questions left alone"
    ships = True

    def run(self, context: Context) -> SuiteResult:
        """Ask the question of every conversation."""
        data = dialogues.shipped()
        with context.empty_library(self.name) as opened:
            opened.assistant.add(seed_file())
            list(opened.assistant.library.add(data.articles))
            return _result(self.name, context, opened.assistant, data, str(opened.folder))


class ReutersFollowUpsSuite:
    """Conversations about news articles among a thousand others."""

    name = "followups-reuters"
    about = "57 conversations over Reuters articles, to be found among a thousand"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask the question of every conversation."""
        data = dialogues.reuters(context.data_folder())
        with context.cached_library(self.name, data.articles) as opened:
            return _result(self.name, context, opened.assistant, data, str(opened.folder))


class NewsFollowUpsSuite:
    """Short follow-ups about other news articles, as people ask them, among a thousand others."""

    name = "followups-news"
    about = "40 more conversations over Reuters articles: “and France?”, “who else?”, “it” after two names"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask the question of every conversation."""
        data = dialogues.reuters(context.data_folder(), "news_followups.jsonl")
        with context.cached_library(self.name, data.articles) as opened:
            return _result(self.name, context, opened.assistant, data, str(opened.folder))


class _Asked(NamedTuple):
    """The answers to a question that depends on its history, by the way of asking it."""

    dialogue: Dialogue
    answers: Mapping[str, Answer]


class _StandsAlone(NamedTuple):
    """A question that stands alone, as it is read without its history and with it; its own parts are told apart."""

    dialogue: Dialogue
    alone: str | None
    after_history: str | None


def _result(name: str, context: Context, assistant: MeasuredAssistant, data: Dialogues, library: str) -> SuiteResult:
    asked: list[_Asked] = []
    standalone: list[_StandsAlone] = []
    for dialogue in context.track(data.dialogues, f"{name}: asking", len(data.dialogues)):
        filled_in = assistant.ask(dialogue.question, history=dialogue.history)
        if not dialogue.is_open:
            alone = assistant.ask(dialogue.question).standalone_question
            standalone.append(_StandsAlone(dialogue, alone, filled_in.standalone_question))
            continue
        as_asked, by_hand = assistant.ask(dialogue.question), assistant.ask(dialogue.standalone)
        asked.append(_Asked(dialogue, {"as_asked": as_asked, "filled_in": filled_in, "by_hand": by_hand}))
    columns = {
        f"{name}.{way}.{measure}": [is_met(a.answers[way], a.dialogue.wanted) for a in asked]
        for way in ("as_asked", "filled_in", "by_hand")
        for measure, is_met in (("found", _found), ("first", _first), ("answered", _answered))
    }
    columns[f"{name}.same_first"] = [_same_first(a) for a in asked]
    columns[f"{name}.left_alone"] = [one.after_history == one.alone for one in standalone]
    figures = mean_figures(columns, headline=(f"{name}.filled_in.first", f"{name}.left_alone"))
    by_name = {figure.name: figure for figure in figures}
    ways = ("as_asked", "filled_in", "by_hand")
    return SuiteResult(
        suite=name,
        figures=tuple(figures),
        failures=tuple(_failures(asked, standalone)),
        charts=(
            Bars(
                title=f"{name}: the first passage holds the answer",
                labels=tuple(way.replace("_", " ") for way in ways),
                figures=tuple(by_name[f"{name}.{way}.first"] for way in ways),
            ),
        ),
        notes=(_NOTE, _by_kind(asked)),
        sample=f"all {len(asked)} open questions, {len(standalone)} that stand alone",
        library=library,
        data=data.files,
    )


def _overlaps(location: Location, wanted: Region) -> bool:
    is_same_article = location.article_id == wanted.document
    return is_same_article and location.start < wanted.end and wanted.start < location.end


def _found(answer: Answer, wanted: Region) -> bool:
    return any(_overlaps(passage, wanted) for passage in answer.passages)


def _first(answer: Answer, wanted: Region) -> bool:
    return any(_overlaps(passage, wanted) for passage in answer.passages[:1])


def _answered(answer: Answer, wanted: Region) -> bool:
    return any(_overlaps(citation, wanted) for citation in answer.citations)


def _same_first(asked: _Asked) -> bool:
    filled_in, by_hand = (asked.answers[way].passages[:1] for way in ("filled_in", "by_hand"))
    return [passage.id for passage in filled_in] == [passage.id for passage in by_hand]


def _by_kind(asked: Sequence[_Asked]) -> str:
    kinds: dict[str, list[bool]] = defaultdict(list)
    for a in asked:
        kinds[a.dialogue.kind].append(_first(a.answers["filled_in"], a.dialogue.wanted))
    return "First: " + ", ".join(f"{kind} {sum(right)} of {len(right)}" for kind, right in kinds.items()) + "."


def _failures(asked: Sequence[_Asked], standalone: Sequence[_StandsAlone]) -> list[Failure]:
    not_first = [
        Failure(
            question=a.dialogue.question,
            found=a.answers["filled_in"].standalone_question,
            wanted=a.dialogue.standalone,
            why=f"{a.dialogue.id}: another passage came first",
            badness=0.2,
        )
        for a in asked
        if not _first(a.answers["filled_in"], a.dialogue.wanted)
    ]
    changed = [
        Failure(
            question=one.dialogue.question,
            found=one.after_history,
            wanted=one.alone,
            why=f"{one.dialogue.id}: it stood alone",
            badness=0.4,
        )
        for one in standalone
        if one.after_history != one.alone
    ]
    return changed + not_first
