"""Parsing of texts of a known kind, of long HTML and Markdown in a subprocess with a timeout.

The third-party parsers of HTML and Markdown need hours or all memory for some inputs, in calls that cannot be
interrupted. A subprocess can always be killed.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from pydantic import TypeAdapter

from assistant.errors import MalformedSource
from assistant.sources import html, markdown, seed
from assistant.sources.kind import Kind
from assistant.sources.parsed_article import ParsedArticle
from embeddings.cancellation import checkpoint
from embeddings.errors import ArticleAssistantError, TookTooLong
from embeddings.text.article import reject_lone_surrogates

SECONDS = 60.0  # timeout of parsing; the longest known articles take a tenth of it

_MAX_INLINE = 10_000  # characters that are parsed without a subprocess: at worst they take a second
_MAX_REUSE = 2_000_000  # characters after which a subprocess is not reused, because it keeps too much memory
_POLL = 0.05  # seconds between two checks whether the work is cancelled

_TRUSTED_PARSERS: dict[Kind, Callable[[str], ParsedArticle]] = {"seed": seed.parse, "text": ParsedArticle}
_THIRD_PARTY_PARSERS: dict[Kind, Callable[[str], ParsedArticle]] = {"markdown": markdown.parse, "html": html.parse}
_CHILD = "import sys; fd, *sys.path = sys.argv[1:]; from assistant.sources.parsing import serve; serve(int(fd))"


def parse(kind: Kind, text: str, seconds: float = SECONDS) -> ParsedArticle:
    """Parse a text of this kind.

    Raises:
        InvalidInput: the text has a lone surrogate.
        MalformedSource: the text has no main text, or the parser fails.
        TookTooLong: parsing took more than ``seconds``.
        Cancelled: the work was cancelled.
    """
    if kind in _TRUSTED_PARSERS:
        return _TRUSTED_PARSERS[kind](text)
    reject_lone_surrogates("text", text)
    if len(text) <= _MAX_INLINE:
        return _parse(kind, text)
    process = _idle_process()
    try:
        result = process.parse(kind, text, seconds)
    except (EOFError, OSError):
        code = process.stop()
        if code == -signal.SIGALRM:
            raise TookTooLong("Reading the article", seconds, "Split it, or raise ASSISTANT_READING_SECONDS.") from None
        raise _unparsable(kind, f"a parser that ended with {code}") from None
    except BaseException:
        process.stop()
        raise
    if len(text) > _MAX_REUSE:
        process.stop()
    else:
        _idle.append(process)
    if result.parsed is None:
        raise MalformedSource(**result.error)
    return result.parsed


def serve(fd: int) -> None:
    """Parse the texts that come over a connection until it is closed: the main function of the subprocess."""
    os.nice(10)  # questions have priority
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the default action ends the process, whatever it is doing
    with Connection(fd) as connection, suppress(EOFError, OSError):
        while True:
            kind, seconds = json.loads(connection.recv_bytes())
            text = connection.recv_bytes().decode()
            signal.setitimer(signal.ITIMER_REAL, seconds)
            try:
                result = _Result(_parse(kind, text))
            except MalformedSource as error:
                result = _Result(error=vars(error))
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send_bytes(_RESULT.dump_json(result))


@dataclass(frozen=True)
class _Result:
    """The parsed article, or else the fields of a MalformedSource error."""

    parsed: ParsedArticle | None = None
    error: dict[str, str] = field(default_factory=dict)


_RESULT = TypeAdapter(_Result)


class _Process:
    """A subprocess that runs :func:`serve`, in a process group of its own: it gets no signals from the terminal."""

    def __init__(self) -> None:
        self._connection, child = Pipe()
        with child:
            fd = child.fileno()
            self._process = subprocess.Popen(  # noqa: S603  the same Python
                [sys.executable, "-c", _CHILD, str(fd), *sys.path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(fd,),
                process_group=0,
            )

    def parse(self, kind: Kind, text: str, seconds: float) -> _Result:
        """Parse a text; raises EOFError or OSError if the subprocess has ended."""
        self._connection.send_bytes(json.dumps([kind, seconds]).encode())
        self._connection.send_bytes(text.encode())
        while not self._connection.poll(_POLL):
            checkpoint()
        return _RESULT.validate_json(self._connection.recv_bytes())

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> int:
        """Kill the subprocess if it is running, and return its exit code."""
        self._connection.close()
        self._process.kill()
        return self._process.wait()


_idle: list[_Process] = []
# A forked copy of this process must not share the connections, or it would read the other's results.
os.register_at_fork(after_in_child=_idle.clear)


@atexit.register
def _stop_all() -> None:
    while _idle:
        _idle.pop().stop()


def _idle_process() -> _Process:
    with suppress(IndexError):
        while not (process := _idle.pop()).is_alive():
            process.stop()
        return process
    return _Process()


def _parse(kind: Kind, text: str) -> ParsedArticle:
    try:
        return _THIRD_PARTY_PARSERS[kind](text)
    except ArticleAssistantError:
        raise
    except Exception as error:
        raise _unparsable(kind, f"{type(error).__name__}: {error}"[:200]) from error


def _unparsable(kind: Kind, got: str) -> MalformedSource:
    return MalformedSource(
        "The article cannot be read.",
        expected=f"{kind} that its parser can read",
        got=got,
        hint="Give the article as plain text.",
    )
