"""The program's own reading of a command line that the documentation shows."""

from collections.abc import Sequence
from typing import Any

from typer.main import get_command

from assistant.doors.cli.commands import app
from evals.command import app as evals_app


def parsed(arguments: Sequence[str]) -> str:
    """The command that the arguments name, once the program has taken all of them; nothing is run.

    Raises:
        click.UsageError: there is no such command or option, or an argument is missing.
    """
    group: Any = get_command(app)
    above = group.make_context("assistant", list(arguments))
    name, command, rest = group.resolve_command(above, list(arguments))
    if name == "eval":
        command = get_command(evals_app)
    command.make_context(name, rest, parent=above)
    return f"assistant {name}"
