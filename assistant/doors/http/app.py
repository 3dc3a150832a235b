"""The FastAPI application: routes, middleware and error handlers."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

import prompts
from assistant.assistant import Assistant
from assistant.doors.api_keys import ApiKeys
from assistant.doors.http import articles, documentation, health, metrics, openai, pages, questions, sign_in, uploads
from assistant.doors.http import jobs as jobs_routes
from assistant.doors.http.access_control import AccessControl
from assistant.doors.http.admission import AdmissionQueue
from assistant.doors.http.body_limits import BodyLimit, UnreadBodyLimit
from assistant.doors.http.errors import add_exception_handlers, error_responses
from assistant.doors.http.examples import add_examples
from assistant.doors.http.head_requests import HeadRequests
from assistant.doors.http.job_files import JobFiles
from assistant.doors.http.job_registry import Jobs
from assistant.doors.http.job_rows import JobRows
from assistant.doors.http.job_store import JobStore
from assistant.doors.http.origin_check import OriginCheck
from assistant.doors.http.range_requests import IgnoreRange
from assistant.doors.http.request_log import RequestLog
from assistant.doors.http.security_headers import SecurityHeaders
from assistant.doors.http.server_tables import ServerTables
from assistant.doors.http.startup import Startup
from assistant.doors.http.sync_schedule import FileTurns, SyncSchedule
from assistant.doors.mcp import create_server, route
from assistant.settings import Settings

FOLLOWERS = 16  # streams of jobs' progress at a time


def create_app(
    settings: Settings | None = None, assistant: Assistant | None = None, *, shared: Path | None = None
) -> FastAPI:
    """Return the application over one library: the given assistant, or one opened from the settings.

    Processes that serve it together, on one port, are given one ``shared`` folder, which is empty when they begin.

    Raises:
        InvalidInput: a setting is not valid, or the API keys cannot be read.
    """
    settings = settings or (assistant.settings if assistant else Settings.read())
    keys = ApiKeys.from_settings(settings)
    startup = Startup(settings, assistant)
    at_once = {"questions": settings.questions_at_once, "checks": 1, "readings": 2, "articles": 1, "removals": 1}
    at_once |= {"examples": 1, "followers": FOLLOWERS}
    # Each has a queue of its own, so that a question does not wait for the check of a long text, nor a removal for a
    # long article, nor an article for a slow page.
    queues = {
        name: AdmissionQueue(name, at_once=number, waiting=settings.max_waiting) for name, number in at_once.items()
    }
    server_metrics = metrics.Metrics(startup, queues)
    tables = ServerTables(settings.library_database) if settings.library_database else None
    jobs, syncs = _jobs(settings, startup, tables, shared)
    mcp = create_server(startup.wait, queues["questions"].run, queues["checks"].run)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        startup.begin()
        syncs.begin()
        async with mcp.session_manager.run():
            yield
        await run_in_threadpool(syncs.close)
        await run_in_threadpool(jobs.close)
        for queue in queues.values():
            await queue.close()
        startup.close()
        if tables:
            tables.close()

    app = FastAPIOffline(
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # behind a proxy, a redirect would name the wrong host and scheme
        title="Article assistant",
        version=version("cited-articles"),
        description=prompts.load("agent").text,
        lifespan=lifespan,
    )
    app.state.startup, app.state.settings, app.state.keys = startup, settings, keys
    app.state.queues, app.state.metrics, app.state.jobs = queues, server_metrics, jobs
    add_exception_handlers(app)
    # The middleware that is added last sees a request first.
    app.add_middleware(IgnoreRange)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(AccessControl, settings=settings, keys=keys, tables=tables)
    app.add_middleware(OriginCheck, settings=settings, any_host=bool(keys))
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["*"],
            expose_headers=["X-Request-ID", "Retry-After", "Preference-Applied"],
        )
    app.add_middleware(UnreadBodyLimit)
    app.add_middleware(HeadRequests)
    app.add_middleware(RequestLog, metrics=server_metrics)
    app.add_middleware(SecurityHeaders)
    security = [Depends(HTTPBearer(auto_error=False))] if keys else []
    for module in (questions, uploads, articles, jobs_routes, openai, pages, sign_in, metrics, health):
        app.include_router(module.router, dependencies=security, responses=error_responses(401, 403, 421, 429))
    app.include_router(documentation.router)
    app.mount("/static", pages.StaticAssets(), name="static")
    add_examples(app)
    documentation.mark_public_routes(app)
    app.router.routes.append(route(mcp))
    return app


def _jobs(
    settings: Settings, startup: Startup, tables: ServerTables | None, shared: Path | None
) -> tuple[Jobs, SyncSchedule]:
    """Return the jobs and the schedule of syncs, which servers over one database or processes of one server share."""
    store: JobStore | None = None
    take_turn: Callable[[str], bool] | None = None
    if tables:
        store, take_turn = JobRows(tables), tables.take_turn
    elif shared:
        store, take_turn = JobFiles(shared), FileTurns(shared).take_turn
    jobs = Jobs(store)
    return jobs, SyncSchedule(settings, startup, jobs, take_turn)
