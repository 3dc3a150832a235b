"""A web server on loopback whose pages are what a fetcher must not be held up or misled by."""

import gzip
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

_Page = Callable[[BaseHTTPRequestHandler, "HostileServer"], None]
STORY = (
    "<!doctype html><html><head><title>Pier to be rebuilt</title></head><body><article><h1>Pier to be rebuilt</h1>"
    "<p>The harbour council of Lindholm voted on Tuesday evening to rebuild the eastern pier, which had been closed "
    "since the storm of January.</p><p>The work begins in March and costs 4 million crowns.</p></article></body></html>"
)


ETAG, MODIFIED = '"one"', "Tue, 24 Nov 2026 08:00:00 GMT"


class HostileServer:
    """The server's address, the paths that it was asked for, and an event that ends what never ends."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ends = Event()
        self.robots = ""
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.asked.append(self.path)
                PAGES.get(self.path, _missing)(self, server)
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        self._http.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self.ends.set()
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def hostile_server() -> Iterator[HostileServer]:
    server = HostileServer()
    thread = Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


def _reply(
    handler: BaseHTTPRequestHandler,
    content: bytes,
    media_type: str = "text/html",
    status: int = 200,
    headers: Mapping[str, str] = {},
) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": media_type, "Content-Length": str(len(content)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


def _missing(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    _reply(handler, b"There is no such page.", status=404)


def _robots(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    _reply(handler, server.robots.encode(), "text/plain", 200 if server.robots else 404)


def _page(content: bytes, media_type: str = "text/html; charset=utf-8", encoding: str = "identity") -> _Page:
    return lambda handler, _: _reply(handler, content, media_type, headers={"Content-Encoding": encoding})


def _redirect(target: str) -> _Page:
    return lambda handler, _: _reply(handler, b"", status=302, headers={"Location": target})


def _validated(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    """A story that the server knows not to have changed by its tag, and by its date."""
    given = (handler.headers["If-None-Match"], handler.headers["If-Modified-Since"])
    unchanged = given == (ETAG, MODIFIED)
    headers = {"ETag": ETAG, "Last-Modified": MODIFIED}
    _reply(handler, b"" if unchanged else STORY.encode(), status=304 if unchanged else 200, headers=headers)


def _endless(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    try:
        while not server.ends.is_set():
            handler.wfile.write(b"<p>word " * 1_000)
    except OSError:
        pass


def _drip(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    """A byte now and then, so that no single wait is long."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    try:
        while not server.ends.wait(0.02):
            handler.wfile.write(b"a")
    except OSError:
        pass


def _dripping_headers(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not server.ends.wait(0.02):
            handler.wfile.write(b"X: y\r\n")
    except OSError:
        pass


def _breaks_off(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    _reply(handler, b"<p>The beginning", headers={"Content-Length": "100000"})
    handler.connection.shutdown(socket.SHUT_RDWR)


def _too_long(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    """More bytes than were promised, of which those that were are a whole page."""
    _reply(handler, STORY.encode() + b"<p>smuggled", headers={"Content-Length": str(len(STORY))})


def _promises_much(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    _reply(handler, b"<p>The beginning", headers={"Content-Length": "9000000000"})
    server.ends.wait()


def _hop(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    """Sends to the same server by a name of its own, so that the name is resolved again."""
    _reply(handler, b"", status=302, headers={"Location": f"http://changing.example:{server.port}/story"})


def _loop(handler: BaseHTTPRequestHandler, server: HostileServer) -> None:
    number = int(handler.path.rpartition("/")[2])
    _reply(handler, b"", status=302, headers={"Location": f"/loop/{number + 1}"})


PAGES: dict[str, _Page] = {
    "/robots.txt": _robots,
    "/story": _page(STORY.encode()),
    "/moved": _redirect("/story"),
    "/canonical": _page(
        STORY.replace("<title>", '<link rel="canonical" href="http://127.0.0.1/pier"><title>').encode()
    ),
    "/claims-another": _page(
        STORY.replace("<title>", '<link rel="canonical" href="https://example.org/pier"><title>').encode()
    ),
    "/latin": _page(STORY.replace("Lindholm", "Lindhölm").encode("latin-1"), "text/html; charset=iso-8859-1"),
    "/zipped": _page(gzip.compress(STORY.encode()), encoding="gzip"),
    "/to-metadata": _redirect("http://169.254.169.254/latest/meta-data/"),
    "/to-inside": _redirect("http://[::1]:1/"),
    "/hop": _hop,
    "/validated": _validated,
    "/moved-validated": _redirect("/validated"),
    "/too-long": _too_long,
    "/promises-much": _promises_much,
    "/no-text": _page(bytes(range(1, 256)) * 40, "text/html; charset=utf-8"),
    "/hostile-charset": _page(STORY.encode(), "text/html; charset=punycode"),
    "/gone": lambda handler, _: _reply(handler, b"", status=410),
    "/broken": lambda handler, _: _reply(handler, b"", status=500),
    "/not-zipped": _page(STORY.encode(), encoding="gzip"),
    "/feed": _page(b"<rss/>", "application/rss+xml"),
    "/to-file": _redirect("file:///etc/passwd"),
    "/endless": _endless,
    "/drip": _drip,
    "/dripping-headers": _dripping_headers,
    "/breaks-off": _breaks_off,
    "/bomb": _page(gzip.compress(b"<p>word " * 3_000_000), encoding="gzip"),
    "/brotli": _page(b"\x0b\x02\x80", encoding="br"),
    "/picture": _page(b"\x89PNG\r\n\x1a\n", "image/png"),
    "/private/story": _page(STORY.encode()),
}
PAGES |= dict.fromkeys([f"/loop/{number}" for number in range(101)], _loop)
