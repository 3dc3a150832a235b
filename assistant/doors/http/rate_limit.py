"""A rate limit per client."""

from time import monotonic


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
