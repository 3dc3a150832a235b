"""``python -m assistant``."""

from assistant.doors.cli import main

main()
