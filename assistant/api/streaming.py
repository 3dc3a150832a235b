"""Server-sent events; when the client has left, the work that makes them ends."""

import logging
from collections.abc import Callable, Iterator

from fastapi.responses import StreamingResponse

from assistant.api.admission import Turn
from assistant.api.errors import Unforeseen
from assistant.wire import ErrorReply
from embeddings.errors import ArticleAssistantError

Left = Callable[[], bool]

_logger = logging.getLogger(__name__)


def event_stream(
    turn: Turn, work: Callable[[Left], Iterator[str]], failed: Callable[[ErrorReply], str]
) -> StreamingResponse:
    """The response of what ``work`` yields; it is given a function that says whether the client has left.

    ``failed`` makes the event that ends a stream whose work failed.

    Raises:
        TooMany: every place is taken.
    """
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    events = turn.stream(lambda left: _ended(work(left), failed))
    return StreamingResponse(events, headers=headers, media_type="text/event-stream")


def _ended(events: Iterator[str], failed: Callable[[ErrorReply], str]) -> Iterator[str]:
    try:
        yield from events
    except ArticleAssistantError as error:
        yield failed(ErrorReply.of(error))
    except Exception:
        _logger.exception("A stream failed.")
        yield failed(ErrorReply.of(Unforeseen()))
