"""Logging as JSON lines, without the text of any article, question or key.

Only messages of this project and of the web server are logged. Messages of other libraries and of exceptions may quote
their input, so the log has only their type and location.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)

_TRUSTED = ("assistant", "embeddings", "uvicorn")


class JsonLinesFormatter(logging.Formatter):
    """Formats a record as one line of JSON, with the fields passed as ``extra={"fields": {…}}``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if record.name.split(".")[0] in _TRUSTED else None,
            "at": f"{record.filename}:{record.lineno}",
            "request_id": REQUEST_ID.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and (error := record.exc_info[1]):
            line["error"] = type(error).__name__
            line["stack"] = [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
        return json.dumps({name: value for name, value in line.items() if value is not None}, ensure_ascii=False)


def log_as_json() -> None:
    """Log to standard error as JSON lines: warnings, and this project's and the web server's messages from INFO on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLinesFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _TRUSTED:
        logging.getLogger(name).setLevel(logging.INFO)
