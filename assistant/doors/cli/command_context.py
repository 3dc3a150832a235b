"""What every command does around its work: open the library, show an error once, leave with the right code."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import BaseModel, ValidationError

from assistant.doors.cli import terminal
from assistant.doors.schemas import ErrorReply
from assistant.request import invalid
from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError, InvalidInput

if TYPE_CHECKING:
    from assistant.assistant import Assistant

DONE, FAILED, WRONG_USAGE, ABSTAINED = range(4)

Library = Annotated[
    Path | None, typer.Option("--library", metavar="DIR", help="Folder with the articles.", show_default="library")
]
Json = Annotated[bool, typer.Option("--json", help="Print the body that the HTTP call answers with.")]


@contextmanager
def opened(library: Path | None, as_json: bool, *, create: bool = False) -> Iterator["Assistant"]:
    """The assistant over a library, with what is to say of its state; errors are shown as ``errors_shown`` does."""
    with errors_shown(as_json=as_json):
        from assistant.assistant import Assistant

        with Assistant.open(settings=settings(library), create=create) as assistant:
            told = assistant.library.notices
            for notice in told:
                terminal.note(notice)
            if not (create or as_json) and not assistant.library.size()["articles"]:
                terminal.note("The library is empty. Add articles: assistant add PATH --library DIR")
            yield assistant
        for notice in assistant.library.notices[len(told) :]:
            terminal.note(notice)


@contextmanager
def errors_shown(*, as_json: bool = False) -> Iterator[None]:
    """Show an error as sentences or as the HTTP body, and leave: 2 for values that can never be right, else 1."""
    try:
        yield
    except ArticleAssistantError as error:
        show_error(error, as_json=as_json)
        raise typer.Exit(WRONG_USAGE if isinstance(error, InvalidInput) else FAILED) from None


def show_error(error: ArticleAssistantError, *, as_json: bool) -> None:
    """What was expected, what came, and what to do next; red on the error stream, or the HTTP body."""
    if as_json:
        show_json(ErrorReply.of(error))
    else:
        terminal.error(ErrorReply.of(error).error)


def show_json(body: BaseModel) -> None:
    """The body as HTTP sends it."""
    typer.echo(body.model_dump_json())


def settings(library: Path | None, **given: Any) -> Settings:
    """The settings of the environment, with what the command line gives in their place.

    Raises:
        InvalidInput: a variable of the environment has a wrong value.
    """
    given = {name: value for name, value in {"library": library, **given}.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise invalid(error.errors(), "Settings come from the options and from variables named ASSISTANT_….") from None
