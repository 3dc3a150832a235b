"""Fetches a page: public hosts, http and https only, within limits of time, size, type and redirects."""

import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple
from urllib.parse import urljoin

import anyio
import httpcore2
import httpx2
from anyio.from_thread import start_blocking_portal

from assistant.errors import FetchError
from assistant.web.public_network import PublicNetwork
from assistant.web.robots import RobotRules
from embeddings.cancellation import checkpoint

AGENT = "article-assistant"
MAX_REDIRECTS = 5
MEDIA_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
}
_POLL = 0.1  # seconds between two checks whether the work is cancelled
_REDIRECTS = {301, 302, 303, 307, 308}


class FetchedPage(NamedTuple):
    """A page: the address that it came from in the end, its media type and charset, and its bytes."""

    url: str
    media_type: str
    charset: str | None
    content: bytes

    @property
    def suffix(self) -> str:
        """The suffix of a file of this type."""
        return MEDIA_TYPES[self.media_type]


class _Reply(NamedTuple):
    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True)
class Fetcher:
    """Fetches pages.

    ``max_bytes`` is the most of a page, also when it is unpacked; ``seconds`` the time for all of it, with redirects;
    ``private_hosts`` the hosts, in lower case, that may have private addresses.
    """

    max_bytes: int
    seconds: float = 30.0
    private_hosts: tuple[str, ...] = ()

    def fetch(self, url: str) -> FetchedPage:
        """Return the page at a URL.

        Raises:
            FetchError: it is refused, or its server fails; the message says why.
            Cancelled: the work was cancelled.
        """
        with start_blocking_portal() as portal:
            task = portal.start_task_soon(self._fetch, url)
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

    async def _fetch(self, url: str) -> FetchedPage:
        network = PublicNetwork(self.private_hosts)
        with _fetch_errors(url, self.seconds), anyio.fail_after(self.seconds):
            async with httpcore2.AsyncConnectionPool(network_backend=network, max_keepalive_connections=0) as pool:

                async def robots(address: str, most: int) -> tuple[int, bytes]:
                    reply, _ = await self._get(pool, address, most, whole=False)
                    return reply.status, reply.content

                rules = RobotRules(AGENT, robots)
                await rules.check(url) if _parsed(url) else None
                reply, url = await self._get(pool, url, self.max_bytes, rules)
        if not 200 <= reply.status < 300:
            raise _refused(url, "a page", f"status {reply.status}", "Open it in a browser to see what is wrong.")
        media_type, charset = _content_type(reply.headers)
        return FetchedPage(url, media_type, charset, reply.content)

    async def _get(
        self,
        pool: httpcore2.AsyncConnectionPool,
        url: str,
        most: int,
        rules: RobotRules | None = None,
        *,
        whole: bool = True,
    ) -> tuple[_Reply, str]:
        """Return the reply after redirects, and its address.

        Args:
            pool: the connections.
            url: where to begin.
            most: the most bytes of the content.
            rules: what sites allow, asked again for each redirect.
            whole: whether more than ``most`` bytes are an error; else the rest is left.
        """
        headers = {"User-Agent": _user_agent(), "Accept": ", ".join(MEDIA_TYPES), "Accept-Encoding": "gzip"}
        for _ in range(MAX_REDIRECTS + 1):
            parsed = _parsed(url)
            target = httpcore2.URL(
                scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path
            )
            sent = [
                (name.encode(), value.encode()) for name, value in {"Host": parsed.netloc.decode(), **headers}.items()
            ]
            async with pool.stream("GET", target, headers=sent) as response:
                received = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                if response.status in _REDIRECTS and received.get("location"):
                    url = urljoin(url, received["location"])
                else:
                    if whole and 200 <= response.status < 300:
                        _content_type(received)
                    return _Reply(response.status, received, await _read(url, response, received, most, whole)), url
            if rules and _parsed(url):
                await rules.check(url)
        raise _refused(url, f"at most {MAX_REDIRECTS} redirects", "more", "Give the address where it ends.")


def _parsed(url: str) -> httpx2.URL:
    """Return a URL in its parts.

    Raises:
        FetchError: it is no absolute http or https URL, or has a user name.
    """
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise _refused(url, "a URL", str(error), "Give the address as a browser shows it.") from None
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo:
        got = "a user name in it" if parsed.userinfo else f"the scheme {parsed.scheme!r}"
        raise _refused(url, "an http or https address of a public host", got, "Give the address as a browser shows it.")
    return parsed.copy_with(fragment=None)


def _content_type(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the media type and the charset of a reply.

    Raises:
        FetchError: it is of a type that is not read.
    """
    media_type, _, parameters = headers.get("content-type", "text/html").partition(";")
    media_type = media_type.strip().lower()
    if media_type not in MEDIA_TYPES:
        raise FetchError(
            "The page is of a type that is not read.",
            expected=", ".join(MEDIA_TYPES),
            got=repr(media_type[:80]),
            hint="Save it as text or HTML, and add the file.",
        )
    _, found, charset = parameters.lower().partition("charset=")
    return media_type, charset.split(";")[0].strip(" \"'") if found else None


async def _read(url: str, response: httpcore2.Response, headers: Mapping[str, str], most: int, whole: bool) -> bytes:
    """Return the content of a reply, unpacked.

    Raises:
        FetchError: it is larger than ``most`` bytes and the ``whole`` is wanted, or packed in another way than gzip.
    """
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "", "gzip", "x-gzip"}:
        raise _refused(
            url, "a reply as it is, or packed by gzip", repr(encoding[:80]), "Save the page, and add the file."
        )
    content = bytearray()
    async for part in _unpacked(response, most) if "gzip" in encoding else response.aiter_stream():
        content += part
        if len(content) > most:
            if not whole:
                break
            raise _refused(
                url, f"at most {most:,} bytes", "more", "Raise ASSISTANT_MAX_ARTICLE_BYTES if it is one article."
            )
    return bytes(content[:most])


async def _unpacked(response: httpcore2.Response, most: int) -> AsyncIterator[bytes]:
    """Yield the content of a gzip reply, in portions of ``most`` bytes and one at most, however well it is packed."""
    unpacker = zlib.decompressobj(wbits=31)
    async for part in response.aiter_stream():
        while part:
            yield unpacker.decompress(part, most + 1)
            part = unpacker.unconsumed_tail  # noqa: PLW2901


def _user_agent() -> str:
    try:
        return f"{AGENT}/{version('cited-articles')}"
    except PackageNotFoundError:
        return AGENT


def _refused(url: str, expected: str, got: str, hint: str) -> FetchError:
    return FetchError(f"{url[:200]!r} cannot be fetched.", expected=expected, got=got[:200].rstrip("."), hint=hint)


@contextmanager
def _fetch_errors(url: str, seconds: float) -> Iterator[None]:
    """Raise every failure of a server or of the network as a FetchError."""
    try:
        yield
    except TimeoutError:
        raise _refused(
            url, f"the whole page within {seconds:g} seconds", "less than that", "Try again later."
        ) from None
    except (httpcore2.ConnectError, httpcore2.UnsupportedProtocol) as error:
        raise _refused(url, "a server", str(error) or "no connection", "Check the address.") from None
    except (httpcore2.ProtocolError, httpcore2.NetworkError, zlib.error) as error:
        raise _refused(url, "a whole reply", str(error) or type(error).__name__, "Try again later.") from None
