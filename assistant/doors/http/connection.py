"""One client's connection: how long the server waits for it, and who makes room when there are too many.

uvicorn bounds neither. What is refused here never becomes a request of the application; it still has the body and the
headers of every other error.
"""

import asyncio
import socket
import struct
from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from assistant.doors.http.errors import MalformedRequest, TooMany, TooSlow, reply
from assistant.doors.http.headers import SAFE
from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError

REFUSED = "refused"  # in the state of a request: why the application has to refuse it


class Connection(H11Protocol):
    """Ends when its client takes too long over a request's head or body, or takes nothing of its reply."""

    def __init__(self, *, settings: Settings, **given: Any) -> None:
        super().__init__(**given)
        self._most = settings.max_connections
        self._patience = {h11.IDLE: settings.head_timeout, h11.SEND_BODY: settings.body_timeout}
        self._heard = self.loop.time()
        self._owed: tuple[RequestResponseCycle | None, object] | None = None
        self._sending: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Make room for it where there is none."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # to hear of every byte that the client does not take
        if len(self.connections) > self._most:
            self._make_room()
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Go on reading."""
        self._heard = self.loop.time()
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """The client is slower than its reply."""
        super().pause_writing()
        self._see_it_take(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """It has taken everything."""
        super().resume_writing()
        _stop(self._taking)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        _stop(self._sending)
        _stop(self._taking)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn says the same of everything
        """Refuse what is no HTTP."""
        hint = "Send requests as RFC 9112 writes them, with at most 16 kB of headers."
        self._refuse(MalformedRequest("This is no request.", expected="HTTP/1.1", got="other bytes", hint=hint))

    def _should_upgrade(self) -> bool:
        return False  # there are no WebSockets here: such a request is answered like any other

    def _make_room(self) -> None:
        """End the connection whose client has been silent for longest; where none is waited for, refuse this one."""
        expected = f"at most {self._most} connections"
        error = TooMany("Too many are connected.", expected=expected, got="one more", seconds=1)
        others = cast("set[Connection]", self.connections - {self})
        waited_for = [one for one in others if one._is_waited_for()]
        if waited_for:
            min(waited_for, key=lambda one: one._heard)._end(error)
        else:
            self.app_state = {**self.app_state, REFUSED: error}

    def _is_waited_for(self) -> bool:
        waited_for = self.flow.write_paused or self.conn.their_state in self._patience
        return waited_for and not self.transport.is_closing()

    def _watch(self) -> None:
        """Start the clock when the client owes something new, and stop it when it owes nothing.

        What it owes from its connection on is the head of a request; after a reply, only once that has begun.
        """
        state = self.conn.their_state
        resting = state is h11.IDLE and self.cycle and not self.conn.trailing_data[0]
        owed = (self.cycle, state) if state in self._patience and not resting else None
        if owed != self._owed:
            self._owed = owed
            _stop(self._sending)
            if owed:
                self._sending = self.loop.call_later(self._patience[state], self._see_it_send)

    def _see_it_send(self) -> None:
        if self.flow.read_paused:  # it is the server that takes its time
            self._owed = None
            self._watch()
            return
        part = "head" if self.conn.their_state is h11.IDLE else "body"
        within = self._patience[self.conn.their_state]
        hint = f"Send it faster, or raise ASSISTANT_{part.upper()}_TIMEOUT."
        expected = f"its {part} within {within:g} seconds"
        self._end(TooSlow("The request did not come in time.", expected=expected, got="a part of it", hint=hint))

    def _see_it_take(self, size: int) -> None:
        patience = self._patience[h11.SEND_BODY]
        self._taking = self.loop.call_later(patience, self._must_have_taken, size)

    def _must_have_taken(self, size: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left < size:
            self._see_it_take(left)
        else:
            self._drop()

    def _end(self, why: ArticleAssistantError) -> None:
        """Close it; a client that is in the middle of a request hears why."""
        if self.flow.write_paused:
            self._drop()
        elif self._owed and (self.cycle or self.conn.trailing_data[0]):
            self._refuse(why)
        else:
            self.transport.close()

    def _drop(self) -> None:
        """Close it at once, with what was not taken: the system would keep that for a while, in a memory of its own."""
        connected = self.transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", True, 0))
        self.transport.abort()

    def _refuse(self, error: ArticleAssistantError) -> None:
        """Say so, unless a reply has begun, and close."""
        if self.cycle:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            response = reply(error, {}, {**SAFE, "Connection": "close"})
            events = (
                h11.Response(
                    status_code=response.status_code,
                    headers=response.raw_headers,
                    reason=HTTPStatus(response.status_code).phrase,
                ),
                h11.Data(data=bytes(response.body)),
                h11.EndOfMessage(),
            )
            with suppress(h11.LocalProtocolError):  # to HEAD a body is not sent
                for event in events:
                    self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def _stop(clock: asyncio.TimerHandle | None) -> None:
    if clock:
        clock.cancel()
