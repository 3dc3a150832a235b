"""``assistant serve`` and ``assistant mcp``: they serve one library until they are stopped."""

import logging
import os
import signal
import socket
from pathlib import Path

from assistant.doors.api_keys import ApiKeys
from assistant.doors.cli import terminal
from assistant.doors.loopback import is_loopback
from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError, InvalidInput


class AddressUnavailable(ArticleAssistantError):
    """The server cannot listen on the address."""

    code = "address_unavailable"


def serve(library: Path | None, *, host: str | None, port: int | None, workers: int = 1) -> None:
    """Serve over HTTP from so many processes until SIGINT or SIGTERM, then finish the current requests.

    Raises:
        ArticleAssistantError: the settings are invalid, the library cannot be opened, or the address is not free.
    """
    settings = Settings.read(library=library, host=host, port=port)
    keys = ApiKeys.from_settings(settings)
    if not keys and not is_loopback(settings.host):
        raise InvalidInput(
            "Without API keys the server listens on this machine alone.",
            expected="keys in ASSISTANT_API_KEYS or ASSISTANT_API_KEYS_FILE, or a loopback address such as 127.0.0.1",
            got=f"the address {settings.host} and no key",
            hint="Make a key: `assistant key NAME >> keys`, then set ASSISTANT_API_KEYS_FILE=keys.",
        )
    # Concurrent questions share the cores. PyTorch and FAISS read the variable when they are imported.
    at_once = settings.questions_at_once * workers
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // at_once)))
    with listen(settings.host, settings.port) as listener:
        from assistant.assistant import Assistant
        from assistant.doors.http import create_app
        from assistant.doors.http.json_logging import log_as_json
        from assistant.doors.http.memory import release_freed_memory
        from assistant.doors.http.server import web_server
        from assistant.doors.http.workers import serve_with_workers

        log_as_json()
        release_freed_memory()
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        with Assistant.open(settings=settings) as assistant:
            terminal.note(f"Serving {settings.library} at {settings.public_url} (the API is documented at /docs).")
            if workers == 1:
                server = web_server(create_app(settings, assistant))
                for stop_signal in (signal.SIGINT, signal.SIGTERM):
                    # uvicorn restores this handler when it has shut down, and raises the signal again.
                    signal.signal(stop_signal, signal.SIG_IGN)
                server.run(sockets=[listener])
                return
        serve_with_workers(settings, listener, workers)  # which open the library themselves


def serve_stdio(library: Path | None) -> None:
    """Serve MCP to the client that started this process, until it closes standard input. Logs go to standard error.

    The client can connect at once; its calls wait until the library is open, or fail with the reason if it cannot be.

    Raises:
        InvalidInput: the settings are invalid.
    """
    settings = Settings.read(library=library)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the SDK's reader would block until standard input is closed
    logging.basicConfig(level=logging.WARNING)  # before the MCP SDK configures rich tracebacks
    from assistant.doors.http.startup import Startup
    from assistant.doors.mcp import create_server

    startup = Startup(settings, None)
    startup.begin()
    terminal.note(f"Serving {settings.library} over MCP on standard input and output. A client starts this command.")
    create_server(startup.wait).run("stdio")
    startup.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, on a free port if that is 0.

    Raises:
        AddressUnavailable: the address is taken or not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise AddressUnavailable(
            "The server cannot listen.",
            expected="a free address of this machine",
            got=f"{host} port {port}: {error.strerror}",
            hint="Stop what uses it, or choose with --host and --port.",
        ) from None
    # Connections inherit it. Without it a reply on a kept one waits 40 ms for a delayed acknowledgement, because head
    # and body are written apart; asyncio sets it only where a socket names its protocol.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
