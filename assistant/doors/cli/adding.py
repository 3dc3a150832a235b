"""``assistant add``: prints one outcome per article as soon as the article is stored."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from assistant.doors.cli import terminal
from assistant.doors.cli.command_context import EXIT_DONE, EXIT_FAILED, print_error, print_json
from assistant.doors.schemas import Added
from assistant.errors import SourceError
from embeddings.errors import ArticleAssistantError, InvalidInput

if TYPE_CHECKING:
    from rich.progress import Progress

    from assistant.assistant import Assistant
    from embeddings.outcome import Outcome

_STANDARD_INPUT = "-"


def parse_fields(options: Sequence[str]) -> dict[str, str]:
    """Return the names of fields by the article's field, from options such as ``text=body``.

    Raises:
        InvalidInput: an option is not of this form.
    """
    fields = {}
    for option in options:
        field, separator, name = option.partition("=")
        if not (field and separator and name):
            raise InvalidInput(
                "The field is not clear.",
                expected="FIELD=NAME, such as text=body",
                got=repr(option),
                hint="Write the article's field first, and then what the file calls it.",
            )
        fields[field] = name
    return fields


def add(
    assistant: "Assistant",
    paths: Sequence[str],
    fields: Mapping[str, str],
    *,
    follow_links: bool,
    ray: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Add the articles in files and folders, at addresses and on standard input, and return the exit code.

    The command fails if a file named on the command line cannot be read, or if no article can be. An unreadable file
    inside a folder is only listed as skipped. In every case all other articles are added.
    """
    named = set(paths)
    counts: Counter[str] = Counter()
    failed = False
    with progress_bar(shown=not quiet) as progress:
        task = progress.add_task("Adding", total=None)
        files = [path for path in paths if path != _STANDARD_INPUT]
        from_input = (_add_input(assistant) for path in paths if path == _STANDARD_INPUT)
        for outcome in chain(assistant.add_each(*files, follow_links=follow_links, fields=fields, ray=ray), from_input):
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
        terminal.line(terminal.counted(counts) or "Nothing to add.")
    return EXIT_FAILED if failed or counts.total() == counts["skipped"] else EXIT_DONE


def _add_input(assistant: "Assistant") -> "Outcome":
    """Add the article on standard input, whose kind its content tells; else it is plain text."""
    from assistant.sources import read_bytes
    from embeddings.outcome import Outcome

    limit = assistant.settings.max_article_bytes
    try:
        data = sys.stdin.buffer.read(limit + 1)
        article = read_bytes(data, name="-.txt", max_bytes=limit, seconds=assistant.settings.reading_seconds)
    except ArticleAssistantError as error:
        return Outcome(status="skipped", path="-", reason=str(error), error=error)
    metadata = {name: value for name, value in article.metadata.items() if name != "file_name"}
    return assistant.add_article(article.model_copy(update={"metadata": metadata})).model_copy(update={"path": "-"})


def _print_outcome(outcome: "Outcome", assistant: "Assistant", *, quiet: bool, as_json: bool) -> None:
    if as_json:
        print_json(Added.of(outcome, assistant))
    elif not quiet:
        terminal.line(
            f"{outcome.status:<10} {outcome.title} ({outcome.passages} passage{'s'[: outcome.passages != 1]})"
        )
    if not quiet:
        for note in filter(None, (outcome.reason, *outcome.notices)):
            terminal.note(f"{outcome.path or outcome.title}: {note}")


def _not_added(outcome: "Outcome") -> SourceError:
    return SourceError(
        f"{outcome.path} was not added.",
        expected="a file that can be read as an article",
        got=outcome.reason or "something else",
        hint="Repair the file or leave it out; all other files are added.",
    )


def progress_bar(*, shown: bool) -> "Progress":
    """Return a progress bar on standard error, which is not shown if that is no terminal."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal))
