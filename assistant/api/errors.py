"""Errors as HTTP: one table of statuses, one body for every one of them.

ArticleAssistantError
├── …                     the errors of finding text, reading and answering
├── MalformedRequest      the body cannot be read: not JSON, not multipart
├── WrongContentType      the body is JSON and its header says otherwise
├── PathNotFound          there is nothing at that path
├── ModelNotFound         OpenAI's API is asked for a model that is not there
├── MethodNotAllowed      the path takes other methods
├── NotReady              the model and the index are still being loaded
└── Unforeseen            a defect; the client hears no details, the log has them
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from assistant.errors import SourceError, SourceMissing, SourceTooLarge, UnknownKind
from assistant.request import invalid
from assistant.wire import ErrorReply
from embeddings.errors import (
    ArticleAssistantError,
    ArticleNotFound,
    EncoderUnavailable,
    InvalidInput,
    LibraryBusy,
    LibraryMismatch,
)


class MalformedRequest(ArticleAssistantError):
    """The body cannot be read."""

    code = "malformed_request"


class WrongContentType(ArticleAssistantError):
    """The body is JSON and its Content-Type says otherwise; a page elsewhere could have made a browser send it."""

    code = "wrong_content_type"


class PathNotFound(ArticleAssistantError):
    """There is nothing at the path."""

    code = "path_not_found"


class ModelNotFound(ArticleAssistantError):
    """OpenAI's API is asked for a model that is not there."""

    code = "model_not_found"


class MethodNotAllowed(ArticleAssistantError):
    """The path takes other methods."""

    code = "method_not_allowed"


class NotReady(ArticleAssistantError):
    """The model and the index are still being loaded."""

    code = "not_ready"


class Unforeseen(ArticleAssistantError):
    """A defect. What a client is told; the log has the rest."""

    code = "internal_error"

    def __init__(self) -> None:
        super().__init__(
            "The server failed.",
            expected="an answer",
            got="an error that nobody foresaw",
            hint="Look at the server's log for this request.",
        )


STATUS: dict[type[ArticleAssistantError], int] = {
    MalformedRequest: 400,
    ArticleNotFound: 404,
    PathNotFound: 404,
    ModelNotFound: 404,
    SourceMissing: 404,
    MethodNotAllowed: 405,
    LibraryBusy: 409,
    LibraryMismatch: 409,
    SourceTooLarge: 413,
    UnknownKind: 415,
    WrongContentType: 415,
    InvalidInput: 422,
    SourceError: 422,
    EncoderUnavailable: 503,
    NotReady: 503,
    ArticleAssistantError: 500,
}


def status_of(error: ArticleAssistantError) -> int:
    """The status of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def reply(error: ArticleAssistantError, headers: Mapping[str, str] | None = None) -> Response:
    """The response that an error becomes."""
    return Response(ErrorReply.of(error).model_dump_json(), status_of(error), headers, "application/json")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's account of the errors of a route."""
    return {status: {"model": ErrorReply, "description": HTTPStatus(status).phrase} for status in statuses}


def handle_errors(app: FastAPI) -> None:
    """Give every error of the application its status and its body."""

    @app.exception_handler(ArticleAssistantError)
    async def foreseen(_: Request, error: ArticleAssistantError) -> Response:
        return reply(error)

    @app.exception_handler(RequestValidationError)
    async def wrong_values(request: Request, error: RequestValidationError) -> Response:
        # Named as in Python and on the command line: the place it came in (body, query) is left out.
        wrong = [{**one, "loc": one["loc"][1:]} for one in error.errors()]
        return reply(_unread(request, error) or invalid(wrong))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        cause = error.__cause__
        return reply(cause if isinstance(cause, ArticleAssistantError) else _refusal(request, error), error.headers)

    @app.exception_handler(Exception)
    async def anything_else(_: Request, __: Exception) -> Response:
        return reply(Unforeseen())


def _unread(request: Request, error: RequestValidationError) -> ArticleAssistantError | None:
    """What is wrong with a body that never became a value: it is not JSON, or does not say that it is."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _malformed(f"{first['ctx']['error']} at character {first['loc'][-1]}")
    if not isinstance(error.body, bytes):
        return None
    try:
        json.loads(error.body)
    except ValueError:
        return _malformed(repr(error.body[:80]))
    return WrongContentType(
        "The Content-Type is not that of the body.",
        expected="application/json",
        got=request.headers.get("content-type", "no Content-Type"),
        hint="Send the header `Content-Type: application/json`.",
    )


def _refusal(request: Request, error: HTTPException) -> ArticleAssistantError:
    """What the framework refused before a route saw it."""
    hint = "The paths and their methods are listed at /docs."
    asked = f"{request.method} {request.url.path}"
    match error.status_code:
        case 404:
            return PathNotFound(
                "There is nothing at this path.", expected="a path of this server", got=asked, hint=hint
            )
        case 405:
            allowed = (error.headers or {}).get("Allow", "another method")
            return MethodNotAllowed("This path does not take this method.", expected=allowed, got=asked, hint=hint)
        case _:
            return _malformed(error.detail)


def _malformed(got: str) -> MalformedRequest:
    return MalformedRequest(
        "The request cannot be read.",
        expected="a JSON object, or a multipart form where a file is sent",
        got=got,
        hint="Check the body and its Content-Type.",
    )
