"""HTTP errors: their classes, their statuses and their one response body.

ArticleAssistantError
├── …                     the errors of the library, the sources and the answers
├── MalformedRequest      the request or its body cannot be parsed
├── WrongContentType      the body is JSON, but Content-Type is not
├── PathNotFound          no route has this path
├── JobNotFound           no job has this id
├── ModelNotFound         OpenAI's API is asked for an unknown model
├── MethodNotAllowed      the path does not support the method
├── NotReady              the model and the index are still loading, or the server is shutting down
├── KeyRefused            the API key is missing or unknown
├── CrossSite             a page of another site made the browser send the request
├── WrongHost             the Host header is not a name of this server
├── TooSlow               the request did not arrive within the timeout
├── TooMany               a rate limit, a queue or another limit is exceeded; ``Retry-After`` is sent
└── InternalError         an unexpected exception; the client gets no details, the log has them
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
from assistant.errors import PageNotFound, ReaderUnavailable, SourceError, SourceMissing, SourceTooLarge, UnknownKind
from assistant.request import invalid_input
from embeddings.errors import (
    ArticleAssistantError,
    ArticleNotFound,
    EncoderUnavailable,
    IndexUnavailable,
    InvalidInput,
    LibraryBusy,
    LibraryMismatch,
    LibraryUnreachable,
    TookTooLong,
)


class MalformedRequest(ArticleAssistantError):
    """The request or its body cannot be parsed."""

    code = "malformed_request"


class WrongContentType(ArticleAssistantError):
    """The body is JSON, but Content-Type is not: another site's page could have made a browser send it."""

    code = "wrong_content_type"


class PathNotFound(ArticleAssistantError):
    """No route has this path."""

    code = "path_not_found"


class JobNotFound(ArticleAssistantError):
    """No job has this id."""

    code = "job_not_found"

    def __init__(self, job_id: str) -> None:
        super().__init__(
            "There is no such job.",
            expected="the id of a job of this server",
            got=repr(job_id[:80]),
            hint="GET /jobs lists them; finished ones are forgotten after a while.",
        )


class ModelNotFound(ArticleAssistantError):
    """OpenAI's API is asked for an unknown model."""

    code = "model_not_found"


class MethodNotAllowed(ArticleAssistantError):
    """The path does not support the method."""

    code = "method_not_allowed"


class NotReady(ArticleAssistantError):
    """The model and the index are still loading, or the server is shutting down."""

    code = "not_ready"


class KeyRefused(ArticleAssistantError):
    """The API key is missing or unknown. The error is the same for every path, so it does not reveal what exists."""

    code = "key_refused"

    def __init__(self, got: str) -> None:
        super().__init__(
            "This server needs an API key.",
            expected="the header `Authorization: Bearer KEY`, or the cookie of a page that was signed in",
            got=got,
            hint="Ask the operator of this server for a key.",
        )


class CrossSite(ArticleAssistantError):
    """A page of another site made the browser send the request."""

    code = "cross_site"


class WrongHost(ArticleAssistantError):
    """The Host header is not a name of this server."""

    code = "wrong_host"


class TooSlow(ArticleAssistantError):
    """The request did not arrive within the timeout."""

    code = "too_slow"


class TooMany(ArticleAssistantError):
    """A rate limit, a queue or another limit is exceeded. ``seconds`` says when to try again."""

    code = "too_many"

    def __init__(self, message: str, *, expected: str, got: str, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(message, expected=expected, got=got, hint=f"Try again in {self.seconds} s.")


class InternalError(ArticleAssistantError):
    """An unexpected exception. The client gets no details, the log has them."""

    code = "internal_error"

    def __init__(self) -> None:
        super().__init__(
            "The server failed.",
            expected="an answer",
            got="an unexpected error",
            hint="Look at the server's log for this request.",
        )


STATUS: dict[type[ArticleAssistantError], int] = {
    MalformedRequest: 400,
    KeyRefused: 401,
    CrossSite: 403,
    ArticleNotFound: 404,
    PageNotFound: 404,
    PathNotFound: 404,
    JobNotFound: 404,
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
    IndexUnavailable: 503,
    ReaderUnavailable: 503,
    NotReady: 503,
    LibraryUnreachable: 503,
    ArticleAssistantError: 500,
}


CLIENT_CLOSED_REQUEST = 499  # nginx's status for the log and the metrics; it is never sent


def status_of(error: ArticleAssistantError) -> int:
    """Return the status of the nearest base class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def error_response(error: ArticleAssistantError, scope: Scope, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response for an error, and store its code in the request's state for the log and the metrics."""
    scope.setdefault("state", {})["error"] = error.code
    headers = dict(headers or {})
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.seconds)
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = error.expected
    if isinstance(error, KeyRefused):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(ErrorReply.of(error).model_dump_json(), status_of(error), headers, "application/json")


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of a route's error responses, which are JSON even if the route returns HTML."""
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorReply"}}}
    return {status: {"content": body, "description": HTTPStatus(status).phrase} for status in statuses}


def add_exception_handlers(app: FastAPI) -> None:
    """Make every error of the application a response with its status and body."""

    @app.exception_handler(ArticleAssistantError)
    async def project_error(request: Request, error: ArticleAssistantError) -> Response:
        return error_response(error, request.scope)

    @app.exception_handler(RequestValidationError)
    async def validation_error(request: Request, error: RequestValidationError) -> Response:
        # Fields are named as in Python and on the command line, without their location (body or query).
        details = [{**detail, "loc": detail["loc"][1:]} for detail in error.errors()]
        return error_response(_body_error(request, error) or invalid_input(details), request.scope)

    @app.exception_handler(HTTPException)
    async def http_exception(request: Request, error: HTTPException) -> Response:
        cause = error.__cause__
        known = cause if isinstance(cause, ArticleAssistantError) else _framework_error(request, error)
        return error_response(known, request.scope, error.headers)

    @app.exception_handler(ClientDisconnect)
    async def client_disconnect(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=CLIENT_CLOSED_REQUEST)


def _body_error(request: Request, error: RequestValidationError) -> ArticleAssistantError | None:
    """The error of a body that is not JSON or does not say that it is; None if only its values are invalid."""
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


def _framework_error(request: Request, error: HTTPException) -> ArticleAssistantError:
    """The error for a request that the framework rejected before it reached a route."""
    hint = "The paths and their methods are listed at /docs."
    requested = f"{request.method} {request.scope['path']}"
    match error.status_code:
        case 404:
            return PathNotFound(
                "There is nothing at this path.", expected="a path of this server", got=requested, hint=hint
            )
        case 405:
            return MethodNotAllowed(
                "This path does not take this method.", expected=_allowed(request, error), got=requested, hint=hint
            )
        case _:
            return _malformed(error.detail)


def _allowed(request: Request, error: HTTPException) -> str:
    """The methods in the OpenAPI document for the path; the framework names only those of the first matching route."""
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
