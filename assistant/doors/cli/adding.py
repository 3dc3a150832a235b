"""``assistant add``: one outcome an article, shown as soon as it is stored."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.doors.cli import terminal
from assistant.doors.cli.command_context import DONE, FAILED, show_error, show_json
from assistant.doors.schemas import Added
from assistant.errors import SourceError

if TYPE_CHECKING:
    from rich.progress import Progress

    from assistant.assistant import Assistant
    from embeddings.outcome import Outcome

_STATUSES = ("added", "replaced", "unchanged", "skipped")


def add(assistant: "Assistant", paths: Sequence[Path], *, follow_links: bool, quiet: bool, as_json: bool) -> int:
    """Add what the paths hold; the exit code.

    A file that was named and cannot be read fails the command, and so does a folder in which nothing can be; a file
    that was merely found in a folder is listed as skipped. In each case the others are added.
    """
    named = {str(path) for path in paths}
    counts: Counter[str] = Counter()
    failed = False
    with _progress(shown=not quiet) as progress:
        task = progress.add_task("Adding", total=None)
        for outcome in assistant.adding(*paths, follow_links=follow_links):
            counts[outcome.status] += 1
            progress.advance(task)
            if outcome.status != "skipped":
                _show(outcome, assistant, quiet=quiet, as_json=as_json)
            elif outcome.path in named:
                failed = True
                show_error(outcome.error or _refused(outcome), as_json=as_json)
            elif not quiet:
                terminal.note(f"skipped    {outcome.path}: {outcome.reason}")
    if not quiet and not as_json:
        seen = (f"{counts[status]} {status}" for status in _STATUSES if counts[status])
        terminal.line(", ".join(seen) or "Nothing to add.")
    return FAILED if failed or counts.total() == counts["skipped"] else DONE


def _show(outcome: "Outcome", assistant: "Assistant", *, quiet: bool, as_json: bool) -> None:
    if as_json:
        show_json(Added.of(outcome, assistant))
    elif not quiet:
        terminal.line(
            f"{outcome.status:<10} {outcome.title} ({outcome.passages} passage{'s'[: outcome.passages != 1]})"
        )
    if outcome.reason and not quiet:
        terminal.note(f"{outcome.path}: {outcome.reason}")
    for notice in outcome.notices:
        terminal.note(notice)


def _refused(outcome: "Outcome") -> SourceError:
    return SourceError(
        f"{outcome.path} was not added.",
        expected="a file that can be read as an article",
        got=outcome.reason or "something else",
        hint="Mend the file, or leave it out; nothing else was held back by it.",
    )


def _progress(*, shown: bool) -> "Progress":
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal))
