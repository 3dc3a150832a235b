"""Routes to sign in and out: the browser keeps the API key in a cookie that scripts cannot read."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from assistant.doors.api_keys import ApiKeys
from assistant.doors.http.access_control import COOKIE
from assistant.doors.http.errors import KeyRefused, error_responses
from assistant.request import Request as StrictRequest
from assistant.settings import Settings

router = APIRouter(prefix="/session", tags=["session"])

_YEAR = 365 * 24 * 60 * 60  # seconds


class SignInRequest(StrictRequest):
    """The API key to sign in with."""

    key: Annotated[str, Field(min_length=1, max_length=200, description="The API key.")]


@router.post("", summary="Sign in", status_code=204, responses=error_responses(400, 413, 415, 422))
async def sign_in(body: SignInRequest, request: Request, response: Response) -> None:
    """Sets a cookie with the key for a year; scripts cannot read it and other sites cannot send it."""
    keys: ApiKeys = request.app.state.keys
    if not keys:
        return
    if keys.name_of(body.key) is None:
        raise KeyRefused("a key that is not known")
    response.set_cookie(COOKIE, body.key, max_age=_YEAR, **_cookie_options(request))


@router.get("", summary="Check whether the client is signed in", status_code=204)
async def signed_in() -> None:
    """204 with a key, 401 without."""


@router.delete("", summary="Sign out", status_code=204)
async def sign_out(request: Request, response: Response) -> None:
    """Deletes the cookie."""
    response.delete_cookie(COOKIE, **_cookie_options(request))


def _cookie_options(request: Request) -> dict[str, Any]:
    settings: Settings = request.app.state.settings
    secure = "https" in {request.scope["scheme"], settings.public_url.partition(":")[0]}
    return {"path": settings.root_path or "/", "secure": secure, "httponly": True, "samesite": "strict"}
