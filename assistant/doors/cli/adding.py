"""``assistant add``: prints one outcome per article as soon as the article is stored."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.doors.cli import terminal
from assistant.doors.cli.command_context import EXIT_DONE, EXIT_FAILED, print_error, print_json
from assistant.doors.schemas import Added
from assistant.errors import SourceError

if TYPE_CHECKING:
    from rich.progress import Progress

    from assistant.assistant import Assistant
    from embeddings.outcome import Outcome

_STATUSES = ("added", "replaced", "unchanged", "skipped")


def add(assistant: "Assistant", paths: Sequence[str], *, follow_links: bool, quiet: bool, as_json: bool) -> int:
    """Add the articles in files and folders and at addresses, and return the exit code.

    The command fails if a file named on the command line cannot be read, or if no article can be. An unreadable file
    inside a folder is only listed as skipped. In every case all other articles are added.
    """
    named = set(paths)
    counts: Counter[str] = Counter()
    failed = False
    with _progress(shown=not quiet) as progress:
        task = progress.add_task("Adding", total=None)
        for outcome in assistant.add_each(*paths, follow_links=follow_links):
            counts[outcome.status] += 1
            progress.advance(task)
            if outcome.status != "skipped":
                _print_outcome(outcome, assistant, quiet=quiet, as_json=as_json)
            elif outcome.path in named:
                failed = True
                print_error(outcome.error or _not_added(outcome), as_json=as_json)
            elif not quiet:
                terminal.note(f"skipped    {outcome.path}: {outcome.reason}")
    if not quiet and not as_json:
        summary = (f"{counts[status]} {status}" for status in _STATUSES if counts[status])
        terminal.line(", ".join(summary) or "Nothing to add.")
    return EXIT_FAILED if failed or counts.total() == counts["skipped"] else EXIT_DONE


def _print_outcome(outcome: "Outcome", assistant: "Assistant", *, quiet: bool, as_json: bool) -> None:
    if as_json:
        print_json(Added.of(outcome, assistant))
    elif not quiet:
        terminal.line(
            f"{outcome.status:<10} {outcome.title} ({outcome.passages} passage{'s'[: outcome.passages != 1]})"
        )
    if outcome.reason and not quiet:
        terminal.note(f"{outcome.path}: {outcome.reason}")
    for notice in outcome.notices:
        terminal.note(notice)


def _not_added(outcome: "Outcome") -> SourceError:
    return SourceError(
        f"{outcome.path} was not added.",
        expected="a file that can be read as an article",
        got=outcome.reason or "something else",
        hint="Repair the file or leave it out; all other files are added.",
    )


def _progress(*, shown: bool) -> "Progress":
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal))
