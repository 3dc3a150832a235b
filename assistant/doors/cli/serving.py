"""``assistant serve`` and ``assistant mcp``: one process, one library, until it is told to stop."""

import ctypes
import logging
import os
import signal
import socket
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from assistant.doors.api_keys import ApiKeys
from assistant.doors.cli import terminal
from assistant.doors.cli.command_context import settings
from embeddings.errors import ArticleAssistantError, InvalidInput

_M_MMAP_THRESHOLD = -3  # mallopt(3)


class AddressUnavailable(ArticleAssistantError):
    """The address cannot be listened on."""

    code = "address_unavailable"


def serve(library: Path | None, *, host: str | None, port: int | None) -> None:
    """Serve until interrupted or terminated, and finish what was begun. What is wrong is an error before it listens.

    Raises:
        ArticleAssistantError: the settings are wrong, the library cannot be opened, or the address is not free.
    """
    chosen = settings(library, host=host, port=port)
    keys = ApiKeys.from_settings(chosen)
    if not keys and not _is_loopback(chosen.host):
        raise InvalidInput(
            "Without API keys the server listens on this machine alone.",
            expected="keys in ASSISTANT_API_KEYS or ASSISTANT_API_KEYS_FILE, or a loopback address such as 127.0.0.1",
            got=f"the address {chosen.host} and no key",
            hint="Make a key: `assistant key NAME >> keys`, then set ASSISTANT_API_KEYS_FILE=keys.",
        )
    give_memory_back()
    # Questions are computed side by side: each has its share of the cores. PyTorch and FAISS read it as they load.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // chosen.questions_at_once)))
    with _listen(chosen.host, chosen.port) as listener:
        from assistant.assistant import Assistant
        from assistant.doors.http import create_app
        from assistant.doors.http.json_logging import log_as_json
        from assistant.doors.http.server import web_server

        log_as_json()
        chosen = chosen.model_copy(update={"port": listener.getsockname()[1]})
        with Assistant.open(settings=chosen) as assistant:
            terminal.note(f"Serving {chosen.library} at {chosen.links_start_with} (the API is documented at /docs).")
            server = web_server(create_app(chosen, assistant))
            for asked_to_stop in (signal.SIGINT, signal.SIGTERM):
                signal.signal(asked_to_stop, signal.SIG_IGN)  # uvicorn, once it is done, sends itself what it caught
            server.run(sockets=[listener])


def serve_stdio(library: Path | None) -> None:
    """Serve the one client that started this process, until it closes standard input. Logs go to the error stream.

    The client is answered at once; its calls wait for the library, and are told why when it cannot be opened.

    Raises:
        InvalidInput: the settings are wrong.
    """
    chosen = settings(library)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the SDK's reader would hold on until standard input is closed
    logging.basicConfig(level=logging.WARNING)  # plain lines; the MCP SDK would draw boxes around tracebacks
    from assistant.doors.http.startup import Startup
    from assistant.doors.mcp import create_server

    opening = Startup(chosen, None)
    opening.begin()
    terminal.note(f"Serving {chosen.library} over MCP on standard input and output. A client starts this command.")
    create_server(opening.wait).run("stdio")
    opening.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise AddressUnavailable(
            "The server cannot listen.",
            expected="a free address of this machine",
            got=f"{host} port {port}: {error.strerror}",
            hint="Stop what uses it, or choose with --host and --port.",
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def give_memory_back() -> None:
    """Have glibc return every large block when it is freed; other platforms have no such knob.

    It learns to keep them, and since PyTorch's are ever of new sizes, memory grew by 5 MB a question.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 131_072)
