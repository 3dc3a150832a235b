"""Follow-ups: whether a question in a conversation finds what it would find if it stood alone, and is left alone if so.

Every open question is asked three times: as it stands, without its history; with its history, as a user asks it; and
in the words in which its author would ask it alone. The first is what the rewriter is worth, the last its ceiling.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.answer import Answer, Location
from evals.answers import means
from evals.context import Context, Subject
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
    """Dialogues over the seed article and the articles that are nearly alike."""

    name = "followups"
    about = "36 conversations over what ships: follow-ups that find their passage, questions left alone"
    ships = True

    def run(self, context: Context) -> SuiteResult:
        """Ask them all."""
        data = dialogues.shipped()
        with context.fresh(self.name) as opened:
            opened.subject.add(seed_file())
            list(opened.subject.library.add(data.articles))
            return _result(self.name, context, opened.subject, data, str(opened.place))


class ReutersFollowUpsSuite:
    """Dialogues over news articles that stand among a thousand others."""

    name = "followups-reuters"
    about = "57 conversations over Reuters articles, to be found among a thousand"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask them all."""
        data = dialogues.reuters(context.folder())
        with context.holding(self.name, data.articles) as opened:
            return _result(self.name, context, opened.subject, data, str(opened.place))


class _Asked(NamedTuple):
    """One open question, in the words of each way of asking it."""

    dialogue: Dialogue
    answers: Mapping[str, Answer]


def _result(name: str, context: Context, subject: Subject, data: Dialogues, place: str) -> SuiteResult:
    asked: list[_Asked] = []
    kept: list[tuple[Dialogue, Answer]] = []
    for one in context.track(data.dialogues, f"{name}: asking", len(data.dialogues)):
        filled_in = subject.ask(one.question, history=one.history)
        if not one.is_open:
            kept.append((one, filled_in))
            continue
        as_asked, by_hand = subject.ask(one.question), subject.ask(one.standalone)
        asked.append(_Asked(one, {"as_asked": as_asked, "filled_in": filled_in, "by_hand": by_hand}))
    columns = {
        f"{name}.{way}.{measure}": [holds(a.answers[way], a.dialogue.wanted) for a in asked]
        for way in ("as_asked", "filled_in", "by_hand")
        for measure, holds in (("found", _found), ("first", _first), ("answered", _answered))
    }
    columns[f"{name}.same_first"] = [_same_first(a) for a in asked]
    columns[f"{name}.left_alone"] = [a.standalone_question == one.question for one, a in kept]
    figures = means(columns, headline=(f"{name}.filled_in.first", f"{name}.left_alone"))
    by_name = {figure.name: figure for figure in figures}
    ways = ("as_asked", "filled_in", "by_hand")
    return SuiteResult(
        suite=name,
        figures=tuple(figures),
        failures=tuple(_failures(asked, kept)),
        charts=(
            Bars(
                title=f"{name}: the first passage holds the answer",
                labels=tuple(way.replace("_", " ") for way in ways),
                figures=tuple(by_name[f"{name}.{way}.first"] for way in ways),
            ),
        ),
        notes=(_NOTE, _by_kind(asked)),
        sample=f"all {len(asked)} open questions, {len(kept)} that stand alone",
        library=place,
        data=data.files,
    )


def _touches(place: Location, wanted: Region) -> bool:
    return place.article_id == wanted.document and place.start < wanted.end and wanted.start < place.end


def _found(answer: Answer, wanted: Region) -> bool:
    return any(_touches(passage, wanted) for passage in answer.passages)


def _first(answer: Answer, wanted: Region) -> bool:
    return any(_touches(passage, wanted) for passage in answer.passages[:1])


def _answered(answer: Answer, wanted: Region) -> bool:
    return any(_touches(citation, wanted) for citation in answer.citations)


def _same_first(asked: _Asked) -> bool:
    filled_in, by_hand = (asked.answers[way].passages[:1] for way in ("filled_in", "by_hand"))
    return [passage.id for passage in filled_in] == [passage.id for passage in by_hand]


def _by_kind(asked: Sequence[_Asked]) -> str:
    kinds: dict[str, list[bool]] = defaultdict(list)
    for a in asked:
        kinds[a.dialogue.kind].append(_first(a.answers["filled_in"], a.dialogue.wanted))
    return "First: " + ", ".join(f"{kind} {sum(right)} of {len(right)}" for kind, right in kinds.items()) + "."


def _failures(asked: Sequence[_Asked], kept: Sequence[tuple[Dialogue, Answer]]) -> list[Failure]:
    lost = [
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
            question=one.question,
            found=answer.standalone_question,
            wanted=one.question,
            why=f"{one.id}: it stood alone",
            badness=0.4,
        )
        for one, answer in kept
        if answer.standalone_question != one.question
    ]
    return changed + lost
