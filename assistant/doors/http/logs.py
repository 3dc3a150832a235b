"""The log: one JSON object a line, for machines to read. No article, no question and no key is ever in it.

Only this project and the web server say in words what happened: they know what they write. A message of another
library, and of any exception, may quote what it was given, so of those the log has the kind and the place.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)

_TRUSTED = ("assistant", "embeddings", "uvicorn")


class JsonLines(logging.Formatter):
    """A record as one line. What is passed as ``extra={"facts": {…}}`` is added to it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if record.name.split(".")[0] in _TRUSTED else None,
            "at": f"{record.filename}:{record.lineno}",
            "request_id": REQUEST_ID.get(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and (error := record.exc_info[1]):
            line["error"] = type(error).__name__
            line["stack"] = [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
        return json.dumps({name: value for name, value in line.items() if value is not None}, ensure_ascii=False)


def log_as_json() -> None:
    """Write every log as JSON lines on the error stream: warnings, and of this project and its server all."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _TRUSTED:
        logging.getLogger(name).setLevel(logging.INFO)
