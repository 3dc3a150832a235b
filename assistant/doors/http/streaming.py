"""Server-sent events; when the client has left, the work that makes them ends.

An event is its data, or its name and its data; a comment now and then, while none comes, keeps proxies from hanging up.
"""

import logging
from collections.abc import Callable, Iterator

from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant.doors.http.admission import Turn
from assistant.doors.http.errors import Unforeseen
from assistant.doors.http.server import FINISHING
from assistant.doors.schemas import ErrorReply
from embeddings.errors import ArticleAssistantError

Left = Callable[[], bool]
Event = str | dict[str, str]

HEARTBEAT = 15.0  # seconds; proxies hang up after a minute or so without a byte

_logger = logging.getLogger(__name__)


def event_stream(
    turn: Turn, work: Callable[[Left], Iterator[Event]], failed: Callable[[ErrorReply], Event]
) -> EventSourceResponse:
    """The response of what ``work`` yields; it is given a function that says whether the client has left.

    ``failed`` makes the event that ends a stream whose work failed. A server that is told to stop lets streams end.

    Raises:
        TooMany: every place is taken.
    """
    response = EventSourceResponse(
        turn.stream(lambda left: _ended(work(left), failed)),
        headers={"Cache-Control": "no-cache"},
        ping=HEARTBEAT,
        ping_message_factory=heartbeat,
        sep="\n",
        shutdown_grace_period=FINISHING,
    )
    del response.headers["Connection"]  # which is the server's to say
    return response


def heartbeat() -> ServerSentEvent:
    """A comment, which clients skip."""
    return ServerSentEvent(comment="ping", sep="\n")


def _ended(events: Iterator[Event], failed: Callable[[ErrorReply], Event]) -> Iterator[Event]:
    try:
        yield from events
    except ArticleAssistantError as error:
        yield failed(ErrorReply.of(error))
    except Exception:
        _logger.exception("A stream failed.")
        yield failed(ErrorReply.of(Unforeseen()))
