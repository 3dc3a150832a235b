"""Server-sent events, made by work that is cancelled when the client disconnects.

While there is no event, a comment is sent at intervals, so that proxies do not close the connection.
"""

import logging
from collections.abc import Callable, Iterator

from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant.doors.http.admission import RequestWorker
from assistant.doors.http.errors import InternalError
from assistant.doors.http.server import SHUTDOWN_TIMEOUT
from assistant.doors.schemas import ErrorReply
from embeddings.errors import ArticleAssistantError

Cancelled = Callable[[], bool]  # True once the client has disconnected
Event = str | dict[str, str]  # its data, or its ``event`` and ``data``

Send = Callable[[Event], None]  # sends an event while the next one is not made yet

HEARTBEAT = 15.0  # seconds; many proxies close a connection after a minute without data

_logger = logging.getLogger(__name__)


def event_stream(
    worker: RequestWorker,
    work: Callable[[Cancelled, Send], Iterator[Event]],
    error_event: Callable[[ErrorReply], Event],
) -> EventSourceResponse:
    """Return a response that streams the events that ``work`` yields. On shutdown, streams may finish.

    Args:
        worker: admits the work and runs it on a worker thread.
        work: is called with a function that returns True once the client has disconnected, and one that sends an event.
        error_event: makes the event that ends a stream whose work failed.

    Raises:
        TooMany: the queue is full.
    """
    response = EventSourceResponse(
        worker.stream(lambda cancelled, send: _with_error_event(work(cancelled, send), error_event)),
        headers={"Cache-Control": "no-cache"},
        ping=HEARTBEAT,
        ping_message_factory=heartbeat,
        sep="\n",
        shutdown_grace_period=SHUTDOWN_TIMEOUT,
    )
    del response.headers["Connection"]  # uvicorn sets it
    return response


def heartbeat() -> ServerSentEvent:
    """Return a comment, which clients ignore."""
    return ServerSentEvent(comment="ping", sep="\n")


def _with_error_event(events: Iterator[Event], error_event: Callable[[ErrorReply], Event]) -> Iterator[Event]:
    try:
        yield from events
    except ArticleAssistantError as error:
        yield error_event(ErrorReply.of(error))
    except Exception:
        _logger.exception("A stream failed.")
        yield error_event(ErrorReply.of(InternalError()))
