"""Runs the command as ``python -m evals``."""

from evals.command import app

app()
