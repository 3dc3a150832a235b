"""The assistant on the command line. Nothing heavy loads before a command needs it."""

from assistant.doors.cli.commands import app


def main() -> None:
    """The entry point of ``assistant``."""
    app()


__all__ = ["app", "main"]
