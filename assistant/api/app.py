"""The HTTP application: the routes, the errors and the limits, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

import prompts
from assistant.api import articles, health, openai, questions, reading
from assistant.api.errors import handle_errors
from assistant.api.examples import with_examples
from assistant.api.limits import BodyLimit
from assistant.api.opening import Opening
from assistant.assistant import Assistant
from assistant.mcp import create_server, route
from assistant.settings import Settings


def create_app(settings: Settings | None = None, assistant: Assistant | None = None) -> FastAPI:
    """The application over one library: the assistant that is given, else one opened from the settings."""
    settings = settings or (assistant.settings if assistant else Settings())
    opening = Opening(settings, assistant)
    mcp = create_server(opening.wait)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        opening.begin()
        async with mcp.session_manager.run():
            yield
        opening.close()

    app = FastAPIOffline(
        redoc_url=None,
        title="Article assistant",
        version=version("article-assistant"),
        description=prompts.load("agent").text,
        lifespan=lifespan,
    )
    app.state.opening = opening
    handle_errors(app)
    # JSON may write one byte of text as three (an escaped é is six for two); a form adds its own headers.
    app.add_middleware(BodyLimit, limit=3 * settings.max_article_bytes + 65_536)
    for part in (questions, articles, openai, reading, health):
        app.include_router(part.router)
    app.mount("/static", reading.Assets(), name="static")
    with_examples(app)
    app.router.routes.append(route(mcp, settings))
    return app
