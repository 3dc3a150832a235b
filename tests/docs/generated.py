"""What the documentation shows of the code: every command's ``--help`` and every setting. ``make fix`` writes it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from assistant import Settings
from assistant.doors.cli.commands import app
from evals.command import app as evals_app
from evals.quality import fill_section

DOCS = Path(__file__).parents[2] / "docs"


def commands() -> str:
    """The ``--help`` of every command, without colours and boxes."""
    return "\n\n".join(f"## {name}\n\n```text\n{text}\n```" for name, text in _helps())


def settings() -> str:
    """A table of every setting."""
    rows = [
        f"| `ASSISTANT_{name.upper()}` | {_default(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | what it sets |", "|---|---|---|", *rows])


PAGES: dict[str, Callable[[], str]] = {"commands": commands, "settings": settings}


def page(name: str) -> str:
    """The text that the page ought to have."""
    return fill_section((DOCS / f"{name}.md").read_text("utf-8"), name, PAGES[name]())


def write() -> None:
    """Write every page."""
    for name in PAGES:
        (DOCS / f"{name}.md").write_text(page(name), "utf-8")


def _helps() -> Iterator[tuple[str, str]]:
    group: Any = get_command(app)  # typer's commands are click's, which it no longer shows
    yield "assistant", _help(group, "assistant")
    for name, command in group.commands.items():
        shown = get_command(evals_app) if name == "eval" else command  # which only hands its options on
        yield f"assistant {name}", _help(shown, f"assistant {name}")


def _help(command: Any, name: str) -> str:
    command.rich_markup_mode = None
    return str(command.get_help(command.context_class(command, info_name=name, terminal_width=100))).rstrip()


def _default(value: object) -> str:
    return "" if value is None else f"`{value}`"


if __name__ == "__main__":
    write()
