"""A rate limit per client."""

import math
from time import monotonic

from assistant.doors.http.server_tables import ServerTables
from embeddings.errors import ArticleAssistantError

_ALONE = 5.0  # seconds for which a server limits by itself after the others could not be reached
_FORGET_EACH = 1000  # requests, after which clients that are idle are dropped


class RateLimiter:
    """Limits requests per minute with the generic cell rate algorithm (ITU-T I.371), which stores one number a client.

    A client may send a minute's requests in a burst, and then has to keep to an even pace.
    """

    MAX_CLIENTS = 10_000  # stored before clients that are idle are dropped

    def __init__(self, per_minute: int) -> None:
        """Allow ``per_minute`` requests a minute; 0 means no limit."""
        self._interval = 60 / per_minute if per_minute else 0.0  # seconds
        self._arrivals: dict[str, float] = {}  # the theoretical arrival time of each client's next request

    def delay(self, client: str) -> float:
        """Count a request. Returns 0 if it is allowed, else the seconds until one is."""
        now = monotonic()
        arrival = max(now, self._arrivals.get(client, now)) + self._interval
        if delay := max(0.0, arrival - now - 60):
            return delay
        if len(self._arrivals) >= self.MAX_CLIENTS:
            self._arrivals = {client: arrival for client, arrival in self._arrivals.items() if arrival > now}
        self._arrivals[client] = arrival
        return 0.0


class SharedRateLimiter:
    """The same limit over all servers of a library, by the clock of its PostgreSQL server.

    While that does not answer, this server limits by itself. Safe to share between threads.
    """

    def __init__(self, per_minute: int, tables: ServerTables) -> None:
        """Allow ``per_minute`` requests a minute, more than 0."""
        self._own = RateLimiter(per_minute)
        self._interval = 60 / per_minute  # seconds
        self._tables = tables
        self._alone_until = -math.inf
        self._counted = 0  # requests of this process

    def delay(self, client: str) -> float:
        """Count a request. Returns 0 if it is allowed, else the seconds until one is."""
        if monotonic() < self._alone_until:
            return self._own.delay(client)
        try:
            return self._count(client)
        except ArticleAssistantError:
            self._alone_until = monotonic() + _ALONE
            return self._own.delay(client)

    def _count(self, client: str) -> float:
        step = self._interval
        self._counted += 1
        if self._counted % _FORGET_EACH == 0:
            self._tables.execute("DELETE FROM server_clients WHERE arrival < extract(epoch FROM clock_timestamp())")
        allowed = self._tables.execute(
            """INSERT INTO server_clients AS known VALUES (?, extract(epoch FROM clock_timestamp()) + ?)
            ON CONFLICT (client) DO UPDATE SET arrival = greatest(known.arrival + ?, EXCLUDED.arrival)
            WHERE known.arrival + ? <= EXCLUDED.arrival - ? + 60 RETURNING client""",
            (client, step, step, step, step),
        )
        if allowed:
            return 0.0
        waiting = "SELECT arrival + ? - extract(epoch FROM clock_timestamp())::float8 - 60 FROM server_clients"
        rows = self._tables.execute(f"{waiting} WHERE client = ?", (step, client))
        return max(0.001, *(seconds for (seconds,) in rows)) if rows else 0.0
