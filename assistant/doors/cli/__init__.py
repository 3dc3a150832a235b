"""The command line. Models and indexes are imported only by the commands that need them."""

from assistant.doors.cli.commands import app


def main() -> None:
    """The entry point of ``assistant``."""
    app()


__all__ = ["app", "main"]
