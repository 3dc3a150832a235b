"""Fetches a page: public hosts, http and https only, within limits of time, size, type and redirects."""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple
from urllib.parse import urljoin

import anyio
import httpcore2
import httpx2
from anyio.from_thread import start_blocking_portal
from protego import Protego

from assistant.errors import AddressRefused, FetchTooSlow, PageGone, ServerFailed, TooManyRedirects
from assistant.web.page import ARTICLE_TYPES, FetchedPage, Validators, content_type, read_content, refused
from assistant.web.public_network import PublicNetwork, Resolve, resolve
from assistant.web.robots import RobotRules
from embeddings.cancellation import checkpoint

AGENT = "article-assistant"
MAX_REDIRECTS = 5
_POLL = 0.1  # seconds between two checks whether the work is cancelled
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_UNCHANGED = 304


class _Request(NamedTuple):
    """How a page is asked for: types that are read, most bytes, what is known of it, and if all of it is needed."""

    types: Mapping[str, str]
    most: int
    known: Validators | None = None
    whole: bool = True


class _Reply(NamedTuple):
    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True)
class Fetcher:
    """Fetches pages.

    ``max_bytes`` is the most of a page, also when it is unpacked; ``seconds`` the time for all of it, with redirects;
    ``private_hosts`` the hosts, in lower case, that may have private addresses; ``resolve`` returns the addresses of a
    name. The rules of a site are read once by each fetcher.
    """

    max_bytes: int
    seconds: float = 30.0
    private_hosts: tuple[str, ...] = ()
    resolve: Resolve = resolve
    _rules: dict[str, Protego] = field(default_factory=dict, init=False, compare=False, repr=False)

    def fetch(self, url: str, types: Mapping[str, str] = ARTICLE_TYPES) -> FetchedPage:
        """Return the page at a URL, which is one of the types.

        Raises:
            FetchError: it is refused, or its server fails; the class and the message say why.
            Cancelled: the work was cancelled.
        """
        page = self.fetch_changed(url, None, types)
        if page is None:
            raise refused(
                ServerFailed, url, expected="a page", got=f"status {_UNCHANGED}", hint="Its server is at fault."
            )
        return page

    def fetch_changed(
        self, url: str, known: Validators | None, types: Mapping[str, str] = ARTICLE_TYPES
    ) -> FetchedPage | None:
        """Return the page at a URL, or None if its server says that it has not changed since ``known``.

        Raises:
            FetchError, Cancelled: as in :meth:`fetch`.
        """
        with start_blocking_portal() as portal:
            task = portal.start_task_soon(self._fetch, url, _Request(types, self.max_bytes, known))
            try:
                while True:
                    try:
                        return task.result(timeout=_POLL)
                    except TimeoutError:
                        if task.done():
                            raise
                        checkpoint()
            finally:
                task.cancel()

    async def _fetch(self, url: str, request: _Request) -> FetchedPage | None:
        network = PublicNetwork(self.private_hosts, self.resolve)
        with _fetch_errors(url, self.seconds), anyio.fail_after(self.seconds):
            async with httpcore2.AsyncConnectionPool(network_backend=network, max_keepalive_connections=0) as pool:

                async def robots(address: str, most: int) -> tuple[int, bytes]:
                    reply, _ = await _get(pool, address, _Request({}, most, whole=False))
                    return reply.status, reply.content

                reply, url = await _get(pool, url, request, RobotRules(AGENT, robots, self._rules))
        if reply.status == _UNCHANGED and request.known:
            return None
        if not 200 <= reply.status < 300:
            kind = PageGone if reply.status in _GONE else ServerFailed
            hint = "Open it in a browser to see what is wrong."
            raise refused(kind, url, expected="a page", got=f"status {reply.status}", hint=hint)
        media_type, charset = content_type(reply.headers, request.types)
        validators = Validators(url, reply.headers.get("etag", ""), reply.headers.get("last-modified", ""))
        return FetchedPage(url, media_type, charset, reply.content, validators)


async def _get(
    pool: httpcore2.AsyncConnectionPool, url: str, request: _Request, rules: RobotRules | None = None
) -> tuple[_Reply, str]:
    """Return the reply after redirects, and its address. Whether the site allows it is asked of each address."""
    first = url
    for _ in range(MAX_REDIRECTS + 1):
        parsed = _parsed(url)
        if rules:
            await rules.check(url)
        headers = {
            "Host": parsed.netloc.decode(),
            "User-Agent": _user_agent(),
            "Accept": ", ".join(request.types) or "*/*",
            "Accept-Encoding": "gzip",
            **(request.known.headers(url) if request.known else {}),
        }
        target = httpcore2.URL(scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path)
        sent = [(name.encode(), value.encode("latin-1", "ignore")) for name, value in headers.items()]
        async with pool.stream("GET", target, headers=sent) as response:
            received = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in _REDIRECTS and received.get("location"):
                url = urljoin(url, received["location"])
            else:
                whole = request.whole and 200 <= response.status < 300
                if whole:
                    content_type(received, request.types)
                content = await read_content(url, response, received, request.most, whole=whole)
                return _Reply(response.status, received, content), url
    expected = f"at most {MAX_REDIRECTS} redirects"
    raise refused(TooManyRedirects, first, expected=expected, got="more", hint="Give the address where it ends.")


def _parsed(url: str) -> httpx2.URL:
    """Return a URL in its parts.

    Raises:
        AddressRefused: it is no absolute http or https URL, or has a user name.
    """
    hint = "Give the address as a browser shows it."
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise refused(AddressRefused, url, expected="a URL", got=str(error), hint=hint) from None
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo:
        got = "a user name in it" if parsed.userinfo else f"the scheme {parsed.scheme!r}"
        expected = "an http or https address of a public host"
        raise refused(AddressRefused, url, expected=expected, got=got, hint=hint)
    return parsed.copy_with(fragment=None)


def _user_agent() -> str:
    try:
        return f"{AGENT}/{version('cited-articles')}"
    except PackageNotFoundError:
        return AGENT


@contextmanager
def _fetch_errors(url: str, seconds: float) -> Iterator[None]:
    """Raise every failure of a server or of the network as a FetchError."""
    later = "Try again later."
    try:
        yield
    except TimeoutError:
        expected = f"the whole page within {seconds:g} seconds"
        raise refused(FetchTooSlow, url, expected=expected, got="less than that", hint=later) from None
    except (httpcore2.ConnectError, httpcore2.UnsupportedProtocol) as error:
        got = str(error) or "no connection"
        raise refused(ServerFailed, url, expected="a server", got=got, hint="Check the address.") from None
    except (httpcore2.ProtocolError, httpcore2.NetworkError, zlib.error) as error:
        got = str(error) or type(error).__name__
        raise refused(ServerFailed, url, expected="a whole reply", got=got, hint=later) from None
