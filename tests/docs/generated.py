"""What the documentation shows of the code: commands, settings and modules. ``make fix`` writes it."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from assistant import Settings
from assistant.doors.cli.commands import app
from evals.command import app as evals_app
from evals.quality import fill_section
from tests.test_architecture import ROADS

HOUSE = Path(__file__).parents[2]
DOCS = HOUSE / "docs"
FOLDERS = (
    "embeddings",
    *(f"embeddings/{room}" for room in ROADS["embeddings"]),
    "assistant",
    *(f"assistant/{room}" for room in ROADS["assistant"] if room != "doors"),
    *(f"assistant/doors{door}" for door in ("", "/http", "/cli", "/mcp", "/openai", "/agent_tools", "/page")),
    "evals",
    "evals/data",
    "evals/metrics",
    "evals/suites",
    "training",
    "training/data",
    "training/teacher",
    "training/distil",
    "benchmarks",
)


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


def code() -> str:
    """Every module with the first line of its docstring, folder by folder along the road of a question."""
    return "\n\n".join(f"## {folder}\n\n{_table(HOUSE / folder)}" for folder in FOLDERS)


PAGES: dict[str, Callable[[], str]] = {"commands": commands, "settings": settings, "code": code}


def page(name: str) -> str:
    """The text that the page ought to have."""
    return fill_section((DOCS / f"{name}.md").read_text("utf-8"), name, PAGES[name]())


def write() -> None:
    """Write every page."""
    for name in PAGES:
        (DOCS / f"{name}.md").write_text(page(name), "utf-8")


def _table(folder: Path) -> str:
    modules = [path for path in sorted(folder.glob("*.py")) if path.stat().st_size]
    lines = [f"| `{path.name}` | {_first_line(path)} |" for path in modules]
    return "\n".join(["| module | what it is |", "|---|---|", *lines])


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    line = re.sub(r":\w+:`~?(?:\w+\.)*(\w+)`", r"`\1`", docstring.partition("\n")[0])
    return line.replace("``", "`").replace("|", "\\|")


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
