"""``assistant sync``: prints what becomes of each article, and at the end how many there are of each kind."""

from collections import Counter
from collections.abc import Callable, Iterator
from threading import Event
from typing import TYPE_CHECKING

from assistant.doors.cli import terminal
from assistant.doors.cli.adding import progress_bar
from assistant.doors.cli.command_context import EXIT_DONE, EXIT_FAILED, print_error, print_json
from assistant.doors.schemas import SyncReport
from embeddings.errors import ArticleAssistantError

if TYPE_CHECKING:
    from embeddings.outcome import Outcome

    SyncEach = Callable[..., Iterator[Outcome]]


def sync(
    sync_each: "SyncEach",
    source: str,
    *,
    dry_run: bool,
    quiet: bool,
    as_json: bool,
    watching: bool = False,
) -> int:
    """Sync a source once, and return the exit code: a failure if all of its articles were skipped.

    ``sync_each`` syncs a source with the options that it has already. ``watching``: nothing is printed if nothing has
    changed.

    Raises:
        SourceError, TookTooLong: the source cannot be read.
    """
    counts = Counter[str]()
    changes: list[Outcome] = []
    with progress_bar(shown=not (quiet or as_json)) as progress:
        task = progress.add_task("Syncing", total=None)
        for outcome in sync_each(source, dry_run=dry_run):
            counts[outcome.status] += 1
            progress.advance(task)
            if as_json and outcome.status != "unchanged":
                changes.append(outcome)
            elif not quiet:
                _print_outcome(outcome)
    if watching and counts.keys() <= {"unchanged"}:
        return EXIT_DONE
    if as_json:
        print_json(SyncReport(source=source, dry_run=dry_run, outcomes=tuple(changes), **counts))
    elif not quiet:
        terminal.line(
            (terminal.counted(counts) or "Nothing to sync.") + (" (dry run: nothing was stored)" if dry_run else "")
        )
    return EXIT_FAILED if counts["skipped"] and counts.total() == counts["skipped"] else EXIT_DONE


def watch(sync_each: "SyncEach", source: str, *, seconds: float, quiet: bool, as_json: bool) -> None:
    """Sync a source until the process is interrupted: a folder when it changes, another one from time to time."""
    from assistant.sync.schedule import due

    for _ in due(source, seconds, Event()):
        try:
            sync(sync_each, source, dry_run=False, quiet=quiet, as_json=as_json, watching=True)
        except ArticleAssistantError as error:
            print_error(error, as_json=as_json)


def _print_outcome(outcome: "Outcome") -> None:
    if outcome.status == "skipped":
        terminal.note(f"skipped    {outcome.path}: {outcome.reason}")
    elif outcome.status != "unchanged":
        terminal.line(f"{outcome.status:<10} {outcome.title} ({outcome.path})")
    for notice in outcome.notices:
        terminal.note(f"{outcome.path or outcome.title}: {notice}")
