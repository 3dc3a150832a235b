"""``assistant export``, ``import`` and ``move``: copies of a whole library."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import BaseModel

from assistant.doors.cli import terminal
from assistant.doors.cli.command_context import (
    JsonOption,
    LibraryOption,
    handle_errors,
    open_assistant,
    print_json,
)
from assistant.settings import Settings
from embeddings.errors import InvalidInput

app = typer.Typer()


class LibraryFile(BaseModel):
    """What an export holds."""

    file: str
    bytes: int
    articles: int
    passages: int


@app.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the whole library to one file, also while others read and write it."""
    with open_assistant(library, as_json) as assistant:
        counts = assistant.export(file)
    _print("Exported", file, counts, as_json=as_json)


@app.command("import")
def import_library(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `assistant export` wrote.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a file that `assistant export` wrote, and make a library of it in a folder that is new or empty."""
    with handle_errors(as_json=as_json):
        from assistant.assistant import Assistant

        with Assistant.from_export(file, settings=Settings.read(library=library)) as assistant:
            counts = assistant.library.size()
    _print("Imported", file, counts, as_json=as_json)


@app.command()
def move(
    to: Annotated[Literal["postgres", "folder"], typer.Argument(help="Where to copy the library's database.")],
    library: LibraryOption = None,
) -> None:
    """Copy the library from its folder to the PostgreSQL database in the settings, or back, and compare both."""
    with handle_errors():
        from embeddings import load_encoder, maintenance

        settings = Settings.read(library=library)
        if (url := settings.library_database) is None:
            raise InvalidInput(
                "There is no database to move the library to or from.",
                expected="ASSISTANT_DATABASE_URL, as postgresql://user:password@host/name",
                got="none",
                hint="Set it, and run the command again.",
            )
        counts = maintenance.move(settings.library, load_encoder(settings.encoder), url, to_folder=to == "folder")
        for table, count in counts.items():
            terminal.line(f"copied     {table}: {count}")


def _print(done: str, file: Path, counts: dict[str, int], *, as_json: bool) -> None:
    held = LibraryFile(
        file=str(file), bytes=file.stat().st_size, articles=counts["articles"], passages=counts["passages"]
    )
    if as_json:
        print_json(held)
    else:
        terminal.line(f"{done} {held.articles} articles with {held.passages} passages ({held.bytes:,} bytes).")
