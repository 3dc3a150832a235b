"""The assistant over HTTP."""

from assistant.doors.http.app import create_app

__all__ = ["create_app"]
