"""robots.txt: what a site lets programs fetch (RFC 9309)."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from assistant.errors import FetchError

MAX_BYTES = 500_000  # that are read of the file, as the standard says

_Get = Callable[[str, int], Awaitable[tuple[int, bytes]]]


class RobotRules:
    """The rules of the sites that were asked, each read once."""

    def __init__(self, agent: str, get: _Get) -> None:
        """Create an empty set of rules.

        Args:
            agent: the program's name in robots.txt.
            get: returns the status and at most so many bytes of an address.
        """
        self._agent = agent
        self._get = get
        self._rules: dict[str, RobotFileParser] = {}

    async def check(self, url: str) -> None:
        """Raise FetchError if the site of a URL does not let this program fetch it."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = await self._read(f"{site}/robots.txt")
        if not self._rules[site].can_fetch(self._agent, url):
            raise FetchError(
                f"{parts.netloc} asks programs not to fetch this page.",
                expected="a page that the site's robots.txt allows",
                got=f"one that {site}/robots.txt disallows",
                hint="Save the page in a browser, and add the file.",
            )

    async def _read(self, url: str) -> RobotFileParser:
        """Return the rules at a URL: all is allowed without the file, and nothing while the server fails."""
        status, content = await self._get(url, MAX_BYTES)
        rules = RobotFileParser()
        allows_all, forbids_all = status < 500, status >= 500
        if 200 <= status < 300:
            rules.parse(content.decode("utf-8", errors="replace").splitlines())
        else:
            rules.parse([])
            rules.allow_all, rules.disallow_all = allows_all, forbids_all  # type: ignore[attr-defined]
        return rules
