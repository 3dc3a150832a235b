"""The HTTP application: the routes, the errors and what stands around them, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware

import prompts
from assistant.assistant import Assistant
from assistant.doors.http import articles, documentation, health, metrics, openai, questions, reading, session
from assistant.doors.http.access import Access
from assistant.doors.http.admission import Admission
from assistant.doors.http.errors import documented, handle_errors
from assistant.doors.http.examples import with_examples
from assistant.doors.http.head import Head
from assistant.doors.http.headers import SafeHeaders
from assistant.doors.http.journal import Journal
from assistant.doors.http.limits import BodyLimit, CutOff
from assistant.doors.http.opening import Opening
from assistant.doors.http.origins import Origins
from assistant.doors.http.ranges import NoRanges
from assistant.doors.keys import Keys
from assistant.doors.mcp import create_server, route
from assistant.settings import Settings


def create_app(settings: Settings | None = None, assistant: Assistant | None = None) -> FastAPI:
    """The application over one library: the assistant that is given, else one opened from the settings.

    Raises:
        InvalidInput: the API keys of the settings cannot be read.
    """
    settings = settings or (assistant.settings if assistant else Settings())
    keys = Keys.of(settings)
    opening = Opening(settings, assistant)
    at_once = {"questions": settings.questions_at_once, "readings": 2, "articles": 1, "removals": 1}
    # A line for each: a removal waits for no long article, and no article for a page that takes long to read.
    admissions = {
        what: Admission(what, at_once=number, waiting=settings.max_waiting) for what, number in at_once.items()
    }
    figures = metrics.Metrics(opening, admissions)
    mcp = create_server(opening.wait, admissions["questions"].run)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        opening.begin()
        async with mcp.session_manager.run():
            yield
        for admission in admissions.values():
            await admission.close()
        opening.close()

    app = FastAPIOffline(
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would lead to the name and the scheme that a proxy uses, not to people's
        title="Article assistant",
        version=version("cited-articles"),
        description=prompts.load("agent").text,
        lifespan=lifespan,
    )
    app.state.opening, app.state.settings, app.state.keys = opening, settings, keys
    app.state.admissions, app.state.metrics = admissions, figures
    handle_errors(app)
    # The last that is added is the first to see a request.
    app.add_middleware(NoRanges)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(Access, settings=settings, keys=keys)
    app.add_middleware(Origins, settings=settings, any_host=bool(keys))
    if settings.cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["*"],
            expose_headers=["X-Request-ID", "Retry-After"],
        )
    app.add_middleware(CutOff)
    app.add_middleware(Head)
    app.add_middleware(Journal, metrics=figures)
    app.add_middleware(SafeHeaders)
    guarded = [Depends(HTTPBearer(auto_error=False))] if keys else []
    for part in (questions, articles, openai, reading, session, metrics, health):
        app.include_router(part.router, dependencies=guarded, responses=documented(401, 403, 421, 429))
    app.include_router(documentation.router)
    app.mount("/static", reading.Assets(), name="static")
    with_examples(app)
    documentation.name_what_is_open(app)
    app.router.routes.append(route(mcp))
    return app
