"""What the commands share: options, exit codes, settings, the open assistant and error output."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel

from assistant.doors.cli import terminal
from assistant.doors.schemas import ErrorReply
from assistant.request import AskedMode
from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError, InvalidInput

if TYPE_CHECKING:
    from assistant.assistant import Assistant

EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_ABSTAINED = range(4)
EXIT_UNSUPPORTED = EXIT_ABSTAINED  # both say that the articles do not say so

LibraryOption = Annotated[
    Path | None, typer.Option("--library", metavar="DIR", help="Folder with the articles.", show_default="library")
]
ArticleId = Annotated[str, typer.Argument(metavar="ID", help="The article's id, as `assistant list` prints it.")]
TopK = Annotated[int, typer.Option("--top-k", help="Passages to look at, 1 to 50.")]
ModeOption = Annotated[
    AskedMode,
    typer.Option("--mode", metavar="MODE", help="extractive, generative (with a language model), digest."),
]
Articles = Annotated[list[str] | None, typer.Option("--article", metavar="ID", help="Only this article; repeatable.")]
Sources = Annotated[list[str] | None, typer.Option("--source", help="Only this source; repeatable.")]
Authors = Annotated[list[str] | None, typer.Option("--author", help="Only by this author; repeatable.")]
After = Annotated[
    date | None,
    typer.Option("--after", parser=date.fromisoformat, metavar="DATE", help="Published on this day or later."),
]
Explain = Annotated[bool, typer.Option("--explain", help="Say why: scores, ranks, words, threshold.")]
Before = Annotated[
    date | None,
    typer.Option("--before", parser=date.fromisoformat, metavar="DATE", help="Published on this day or earlier."),
]
Where = Annotated[
    str | None,
    typer.Option(metavar="CONDITIONS", help="On the metadata: 'section = Sport and year >= 2016'."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the body that the HTTP call answers with.")]


@contextmanager
def open_assistant(library: Path | None, as_json: bool, *, create: bool = False) -> Iterator["Assistant"]:
    """Open the assistant over a library and print the library's notices; errors are handled as in ``handle_errors``."""
    with handle_errors(as_json=as_json):
        from assistant.assistant import Assistant

        with Assistant.open(settings=Settings.read(library=library), create=create) as assistant:
            printed = assistant.library.notices
            terminal.notes(printed)
            if not (create or as_json) and not assistant.library.size()["articles"]:
                terminal.note("The library is empty. Add articles: assistant add PATH --library DIR")
            yield assistant
        terminal.notes(assistant.library.notices[len(printed) :])


def filters_of(
    articles: list[str] | None,
    sources: list[str] | None,
    authors: list[str] | None,
    after: date | None,
    before: date | None,
    *,
    where: str | None,
) -> dict[str, object] | None:
    """Return the filters of the options, which the request validates."""
    if not (articles or sources or authors or after or before or where is not None):
        return None
    return {
        "article_ids": tuple(articles) if articles else None,
        "sources": tuple(sources) if sources else None,
        "authors": tuple(authors) if authors else None,
        "published_after": after,
        "published_before": before,
        "metadata": where,
    }


@contextmanager
def handle_errors(*, as_json: bool = False) -> Iterator[None]:
    """Print an error as text or as the HTTP body, and exit: with 2 for invalid input, else with 1."""
    try:
        yield
    except ArticleAssistantError as error:
        print_error(error, as_json=as_json)
        raise typer.Exit(EXIT_USAGE if isinstance(error, InvalidInput) else EXIT_FAILED) from None


def print_error(error: ArticleAssistantError, *, as_json: bool) -> None:
    """Print an error in red on standard error, or as the HTTP body on standard output."""
    if as_json:
        print_json(ErrorReply.of(error))
    else:
        terminal.error(ErrorReply.of(error).error)


def print_json(body: BaseModel) -> None:
    """Print a body as the HTTP API sends it."""
    typer.echo(body.model_dump_json())
