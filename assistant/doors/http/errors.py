"""Errors as HTTP: one table of statuses, one body for every one of them.

ArticleAssistantError
├── …                     the errors of finding text, reading and answering
├── MalformedRequest      the body cannot be read: not JSON, not multipart
├── WrongContentType      the body is JSON and its header says otherwise
├── PathNotFound          there is nothing at that path
├── ModelNotFound         OpenAI's API is asked for a model that is not there
├── MethodNotAllowed      the path takes other methods
├── NotReady              the model and the index are still being loaded, or the server is about to stop
├── KeyRefused            there is no API key with the request, or one that is not known
├── CrossSite             a page of another site made a browser send it
├── WrongHost             it was sent to a name that is not this server's
├── TooSlow               a request that did not come in time
├── TooMany               more requests than are allowed, or than can be computed; it says when to come again
└── Unforeseen            a defect; the client hears no details, the log has them
"""

import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from assistant.doors.schemas import ErrorReply
from assistant.errors import ReaderUnavailable, SourceError, SourceMissing, SourceTooLarge, UnknownKind
from assistant.request import invalid
from embeddings.errors import (
    ArticleAssistantError,
    ArticleNotFound,
    EncoderUnavailable,
    InvalidInput,
    LibraryBusy,
    LibraryMismatch,
    TookTooLong,
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
    """The model and the index are still being loaded, or the server is about to stop."""

    code = "not_ready"


class KeyRefused(ArticleAssistantError):
    """There is no API key with the request, or one that is not known. The same for every path: nothing is learned."""

    code = "key_refused"

    def __init__(self, got: str) -> None:
        super().__init__(
            "This server needs an API key.",
            expected="the header `Authorization: Bearer KEY`, or the cookie of a page that was signed in",
            got=got,
            hint="Ask the one who runs this server for a key.",
        )


class CrossSite(ArticleAssistantError):
    """A page of another site made a browser send it."""

    code = "cross_site"


class WrongHost(ArticleAssistantError):
    """It was sent to a name that is not this server's."""

    code = "wrong_host"


class TooSlow(ArticleAssistantError):
    """A request that did not come in time."""

    code = "too_slow"


class TooMany(ArticleAssistantError):
    """More requests than are allowed, or than can be computed. ``seconds`` says when to come again."""

    code = "too_many"

    def __init__(self, message: str, *, expected: str, got: str, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(message, expected=expected, got=got, hint=f"Try again in {self.seconds} s.")


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
    KeyRefused: 401,
    CrossSite: 403,
    ArticleNotFound: 404,
    PathNotFound: 404,
    ModelNotFound: 404,
    SourceMissing: 404,
    MethodNotAllowed: 405,
    TooSlow: 408,
    LibraryBusy: 409,
    LibraryMismatch: 409,
    SourceTooLarge: 413,
    UnknownKind: 415,
    WrongContentType: 415,
    WrongHost: 421,
    InvalidInput: 422,
    TooMany: 429,
    SourceError: 422,
    TookTooLong: 422,
    EncoderUnavailable: 503,
    ReaderUnavailable: 503,
    NotReady: 503,
    ArticleAssistantError: 500,
}


CLIENT_LEFT = 499  # nobody hears it; the log and the metrics know it by nginx's number


def status_of(error: ArticleAssistantError) -> int:
    """The status of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def reply(error: ArticleAssistantError, scope: Scope, headers: Mapping[str, str] | None = None) -> Response:
    """The response that an error becomes; the log and the metrics find its code in the state of the request."""
    scope.setdefault("state", {})["error"] = error.code
    headers = dict(headers or {})
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.seconds)
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = error.expected
    if isinstance(error, KeyRefused):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(ErrorReply.of(error).model_dump_json(), status_of(error), headers, "application/json")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's account of the errors of a route: JSON, also where the route itself replies with something else."""
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorReply"}}}
    return {status: {"content": body, "description": HTTPStatus(status).phrase} for status in statuses}


def handle_errors(app: FastAPI) -> None:
    """Give every error of the application its status and its body."""

    @app.exception_handler(ArticleAssistantError)
    async def foreseen(request: Request, error: ArticleAssistantError) -> Response:
        return reply(error, request.scope)

    @app.exception_handler(RequestValidationError)
    async def wrong_values(request: Request, error: RequestValidationError) -> Response:
        # Named as in Python and on the command line: the place it came in (body, query) is left out.
        wrong = [{**one, "loc": one["loc"][1:]} for one in error.errors()]
        return reply(_unread(request, error) or invalid(wrong), request.scope)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        cause = error.__cause__
        foreseen = cause if isinstance(cause, ArticleAssistantError) else _refusal(request, error)
        return reply(foreseen, request.scope, error.headers)

    @app.exception_handler(ClientDisconnect)
    async def left(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=CLIENT_LEFT)


def _unread(request: Request, error: RequestValidationError) -> ArticleAssistantError | None:
    """What is wrong with a body that never became a value: it is not JSON, or does not say that it is."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _malformed(f"{first['ctx']['error']} at character {first['loc'][-1]}")
    if not isinstance(error.body, bytes):
        return None
    try:
        json.loads(error.body)
    except (ValueError, RecursionError):
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
    asked = f"{request.method} {request.scope['path']}"
    match error.status_code:
        case 404:
            return PathNotFound(
                "There is nothing at this path.", expected="a path of this server", got=asked, hint=hint
            )
        case 405:
            return MethodNotAllowed(
                "This path does not take this method.", expected=_allowed(request, error), got=asked, hint=hint
            )
        case _:
            return _malformed(error.detail)


def _allowed(request: Request, error: HTTPException) -> str:
    """The methods that are documented for the path; the framework names those of its first route alone."""
    path = getattr(request.scope.get("route"), "path", None)
    methods = {method.upper() for method in request.app.openapi()["paths"].get(path, {})}
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods)) or (error.headers or {}).get("Allow", "GET, HEAD")


def _malformed(got: str) -> MalformedRequest:
    return MalformedRequest(
        "The request cannot be read.",
        expected="a JSON object, or a multipart form where a file is sent",
        got=got,
        hint="Check the body and its Content-Type.",
    )
