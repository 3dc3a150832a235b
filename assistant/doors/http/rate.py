"""How often one client may come."""

from time import monotonic


class Rate:
    """A number of requests a minute, at an even pace after a burst of as many: the generic cell rate algorithm.

    ITU-T I.371; one number a client. A client that has been away is forgotten.
    """

    KEPT = 10_000  # clients, before those that have been away are looked for

    def __init__(self, per_minute: int) -> None:
        """0 is no limit."""
        self._interval = 60 / per_minute if per_minute else 0.0
        self._due: dict[str, float] = {}  # when the next request of a client would be on pace

    def wait(self, client: str) -> float:
        """Count a request: 0 when it may pass, else the seconds until one may."""
        now = monotonic()
        due = max(now, self._due.get(client, now)) + self._interval
        if early := max(0.0, due - now - 60):
            return early
        if len(self._due) >= self.KEPT:
            self._due = {client: due for client, due in self._due.items() if due > now}
        self._due[client] = due
        return 0.0
