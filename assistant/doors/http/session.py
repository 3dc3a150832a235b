"""Signing in: a page hands in a key once, and the browser keeps it where scripts cannot read it."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from assistant.doors.http.access import COOKIE
from assistant.doors.http.errors import KeyRefused, documented
from assistant.doors.keys import Keys
from assistant.request import Request as Values
from assistant.settings import Settings

router = APIRouter(prefix="/session", tags=["session"])

_YEAR = 365 * 24 * 60 * 60


class SignInRequest(Values):
    """A key, to be kept in a cookie."""

    key: Annotated[str, Field(min_length=1, max_length=200, description="The API key.")]


@router.post("", summary="Sign in", status_code=204, responses=documented(400, 413, 415, 422))
async def sign_in(body: SignInRequest, request: Request, response: Response) -> None:
    """Keeps the key in a cookie that scripts cannot read and other sites cannot send, for a year."""
    keys: Keys = request.app.state.keys
    if not keys:
        return
    if keys.name_of(body.key) is None:
        raise KeyRefused("a key that is not known")
    response.set_cookie(COOKIE, body.key, max_age=_YEAR, **_cookie(request))


@router.get("", summary="Whether one is signed in", status_code=204)
async def signed_in() -> None:
    """204 with a key, 401 without."""


@router.delete("", summary="Sign out", status_code=204)
async def sign_out(request: Request, response: Response) -> None:
    """Forgets the cookie."""
    response.delete_cookie(COOKIE, **_cookie(request))


def _cookie(request: Request) -> dict[str, Any]:
    settings: Settings = request.app.state.settings
    secure = "https" in {request.scope["scheme"], settings.links_start_with.partition(":")[0]}
    return {"path": settings.root or "/", "secure": secure, "httponly": True, "samesite": "strict"}
