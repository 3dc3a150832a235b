"""robots.txt: what a site lets programs fetch (RFC 9309)."""

from collections.abc import Awaitable, Callable, MutableMapping
from urllib.parse import urlsplit

from protego import Protego

from assistant.errors import RobotsRefused

MAX_BYTES = 500_000  # that are read of the file, as the standard says

_Get = Callable[[str, int], Awaitable[tuple[int, bytes]]]


class RobotRules:
    """The rules of the sites that were asked, each read once."""

    def __init__(self, agent: str, get: _Get, rules: MutableMapping[str, Protego]) -> None:
        """Begin with the rules that are known.

        Args:
            agent: the program's name in robots.txt.
            get: returns the status and at most so many bytes of an address.
            rules: those that were read, by the site; those that are read are added.
        """
        self._agent = agent
        self._get = get
        self._rules = rules

    async def check(self, url: str) -> None:
        """Raise RobotsRefused if the site of a URL does not let this program fetch it."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        rules = self._rules.get(site) or await self._read(f"{site}/robots.txt")
        if rules is None:
            raise RobotsRefused(
                f"{parts.netloc} does not say what programs may fetch.",
                expected=f"a reply for {site}/robots.txt, also that there is none",
                got="an error of the server",
                hint="Try again later.",
            )
        self._rules[site] = rules
        if not rules.can_fetch(url, self._agent):
            raise RobotsRefused(
                f"{parts.netloc} asks programs not to fetch this page.",
                expected="a page that the site's robots.txt allows",
                got=f"one that {site}/robots.txt disallows",
                hint="Save the page in a browser, and add the file.",
            )

    async def _read(self, url: str) -> Protego | None:
        """Return the rules at a URL: all is allowed without the file; None, so nothing, while the server fails."""
        status, content = await self._get(url, MAX_BYTES)
        if status >= 500:
            return None
        return Protego.parse(content.decode("utf-8", errors="replace") if 200 <= status < 300 else "")
