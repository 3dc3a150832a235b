"""HTTP/1.1 connections with read and write timeouts and a limit on their number; uvicorn has neither.

A request that is rejected here never reaches the application; the client still gets the usual error body and headers.
"""

import asyncio
import socket
import struct
from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from assistant.doors.http.errors import MalformedRequest, TooMany, TooSlow, error_response
from assistant.doors.http.security_headers import SECURITY_HEADERS
from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError

REJECTION = "rejection"  # key in a request's state: the error with which the application must answer


class Connection(H11Protocol):
    """One client connection, closed when the client is too slow to send a request or to read its response."""

    def __init__(self, *, settings: Settings, **options: Any) -> None:
        super().__init__(**options)
        self._max_connections = settings.max_connections
        self._timeouts = {h11.IDLE: settings.head_timeout, h11.SEND_BODY: settings.body_timeout}  # seconds
        self._last_received = self.loop.time()
        self._awaited: tuple[RequestResponseCycle | None, object] | None = None  # part of a request, if any
        self._read_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Start the read timer, and close another connection if there are too many."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # pause_writing is called for every byte that the client did not read
        if len(self.connections) > self._max_connections:
            self._make_room()
        self._update_read_timer()

    def data_received(self, data: bytes) -> None:
        """Parse the data and update the read timer."""
        self._last_received = self.loop.time()
        super().data_received(data)
        self._update_read_timer()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._update_read_timer()

    def pause_writing(self) -> None:
        """Start the write timer: the client reads more slowly than the server writes."""
        super().pause_writing()
        self._start_write_timer(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Stop the write timer: the client has read everything."""
        super().resume_writing()
        _cancel(self._write_timer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop both timers."""
        super().connection_lost(exc)
        _cancel(self._read_timer)
        _cancel(self._write_timer)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's message is always the same
        """Reject bytes that are not valid HTTP."""
        hint = "Send requests as RFC 9112 describes, with at most 16 kB of headers."
        self._reject(MalformedRequest("This is not a request.", expected="HTTP/1.1", got="other bytes", hint=hint))

    def _should_upgrade(self) -> bool:
        return False  # WebSockets are not supported: a request to upgrade is answered like any other

    def _make_room(self) -> None:
        """Close the connection that has been silent the longest; if the server waits for no client, reject this one."""
        expected = f"at most {self._max_connections} connections"
        error = TooMany("There are too many connections.", expected=expected, got="one more", seconds=1)
        others = cast("set[Connection]", self.connections - {self})
        waiting = [connection for connection in others if connection._waits_for_client()]
        if waiting:
            min(waiting, key=lambda connection: connection._last_received)._close(error)
        else:
            self.app_state = {**self.app_state, REJECTION: error}

    def _waits_for_client(self) -> bool:
        waits = self.flow.write_paused or self.conn.their_state in self._timeouts
        return waits and not self.transport.is_closing()

    def _update_read_timer(self) -> None:
        """Restart the read timer when the client has to send something else, and stop it when it has nothing to send.

        On a new connection the client has to send a request head; after a response, only once it has begun one.
        """
        state = self.conn.their_state
        idle = state is h11.IDLE and self.cycle and not self.conn.trailing_data[0]
        awaited = (self.cycle, state) if state in self._timeouts and not idle else None
        if awaited != self._awaited:
            self._awaited = awaited
            _cancel(self._read_timer)
            if awaited:
                self._read_timer = self.loop.call_later(self._timeouts[state], self._on_read_timeout)

    def _on_read_timeout(self) -> None:
        if self.flow.read_paused:  # the delay is the server's
            self._awaited = None
            self._update_read_timer()
            return
        part = "head" if self.conn.their_state is h11.IDLE else "body"
        timeout = self._timeouts[self.conn.their_state]
        hint = f"Send it faster, or raise ASSISTANT_{part.upper()}_TIMEOUT."
        expected = f"its {part} within {timeout:g} seconds"
        self._close(TooSlow("The request did not come in time.", expected=expected, got="a part of it", hint=hint))

    def _start_write_timer(self, unread: int) -> None:
        self._write_timer = self.loop.call_later(self._timeouts[h11.SEND_BODY], self._on_write_timeout, unread)

    def _on_write_timeout(self, unread_before: int) -> None:
        """Abort unless the client has read some of the ``unread_before`` bytes; then start the timer again."""
        unread = self.transport.get_write_buffer_size()
        if unread < unread_before:
            self._start_write_timer(unread)
        else:
            self._abort()

    def _close(self, reason: ArticleAssistantError) -> None:
        """Close the connection; a client that has sent a part of a request is told the reason."""
        if self.flow.write_paused:
            self._abort()
        elif self._awaited and (self.cycle or self.conn.trailing_data[0]):
            self._reject(reason)
        else:
            self.transport.close()

    def _abort(self) -> None:
        """Reset the connection: after a normal close, the kernel would keep the unsent data in memory for a while."""
        connected = self.transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", True, 0))
        self.transport.abort()

    def _reject(self, error: ArticleAssistantError) -> None:
        """Send the error, unless a response has begun, and close the connection."""
        if self.cycle:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            response = error_response(error, {}, {**SECURITY_HEADERS, "Connection": "close"})
            events = (
                h11.Response(
                    status_code=response.status_code,
                    headers=response.raw_headers,
                    reason=HTTPStatus(response.status_code).phrase,
                ),
                h11.Data(data=bytes(response.body)),
                h11.EndOfMessage(),
            )
            with suppress(h11.LocalProtocolError):  # a response to HEAD has no body
                for event in events:
                    self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer:
        timer.cancel()
