"""A text of a known kind → a draft; a long page or Markdown in a process of its own, which can be stopped.

What parses those is not ours: some of what the world sends takes it hours, or all memory, in calls that nothing can
interrupt. A process can always be ended, and takes nothing with it.
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
from embeddings.checkpoint import checkpoint
from embeddings.errors import ArticleAssistantError, TookTooLong
from embeddings.text.article import reject_lone_surrogates

SECONDS = 60.0  # that parsing may take; the longest articles of the world take a tenth of it

_SHORT = 10_000  # characters: the worst of them take a second, which is not worth a process
_LARGE = 2_000_000  # characters: a process that has parsed so many holds on to too much memory to be kept
_POLL = 0.05  # seconds between two looks at whether anybody still waits

_OURS: dict[Kind, Callable[[str], ParsedArticle]] = {"seed": seed.parse, "text": ParsedArticle}
_THEIRS: dict[Kind, Callable[[str], ParsedArticle]] = {"markdown": markdown.parse, "html": html.parse}
_CHILD = "import sys; at, *sys.path = sys.argv[1:]; from assistant.sources.parsing import serve; serve(int(at))"


def parse(kind: Kind, text: str, seconds: float = SECONDS) -> ParsedArticle:
    """What is found in a text of this kind.

    Raises:
        InvalidInput: a lone surrogate.
        MalformedSource: there is no main text, or what parses this kind fails.
        TookTooLong: it took more than so many seconds.
        Cancelled: nobody waits for it any longer.
    """
    if kind in _OURS:
        return _OURS[kind](text)
    reject_lone_surrogates("text", text)
    if len(text) <= _SHORT:
        return _parse(kind, text)
    process = _free_process()
    try:
        reply = process.ask(kind, text, seconds)
    except (EOFError, OSError):
        code = process.stop()
        if code == -signal.SIGALRM:
            raise TookTooLong("Reading the article", seconds, "Split it, or raise ASSISTANT_READING_SECONDS.") from None
        raise _unread(kind, f"a parser that ended with {code}") from None
    except BaseException:
        process.stop()
        raise
    if len(text) > _LARGE:
        process.stop()
    else:
        _idle.append(process)
    if reply.draft is None:
        raise MalformedSource(**reply.refusal)
    return reply.draft


def serve(at: int) -> None:
    """Parse what comes over a connection until it is closed: the life of such a process."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # which ends the process, whatever it is doing
    with Connection(at) as connection, suppress(EOFError, OSError):
        while True:
            kind, seconds = json.loads(connection.recv_bytes())
            text = connection.recv_bytes().decode()
            signal.setitimer(signal.ITIMER_REAL, seconds)
            try:
                reply = _Reply(_parse(kind, text))
            except MalformedSource as error:
                reply = _Reply(refusal=vars(error))
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send_bytes(_REPLY.dump_json(reply))


@dataclass(frozen=True)
class _Reply:
    """What was found in a text, or else the parts of the error that says why nothing was."""

    draft: ParsedArticle | None = None
    refusal: dict[str, str] = field(default_factory=dict)


_REPLY = TypeAdapter(_Reply)


class _Process:
    """A Python that runs :func:`serve`. Signals of the terminal are for us: it has a group of its own."""

    def __init__(self) -> None:
        self._connection, theirs = Pipe()
        with theirs:
            at = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603  this very Python
                [sys.executable, "-c", _CHILD, str(at), *sys.path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(at,),
                process_group=0,
            )

    def ask(self, kind: Kind, text: str, seconds: float) -> _Reply:
        """Its reply; EOFError or OSError when it has ended."""
        self._connection.send_bytes(json.dumps([kind, seconds]).encode())
        self._connection.send_bytes(text.encode())
        while not self._connection.poll(_POLL):
            checkpoint()
        return _REPLY.validate_json(self._connection.recv_bytes())

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> int:
        """End it, if it has not ended; what it ended with."""
        self._connection.close()
        self._process.kill()
        return self._process.wait()


_idle: list[_Process] = []
# A copy of this process does not share its connections: it would read replies to the other.
os.register_at_fork(after_in_child=_idle.clear)


@atexit.register
def _stop_all() -> None:
    while _idle:
        _idle.pop().stop()


def _free_process() -> _Process:
    with suppress(IndexError):
        while not (process := _idle.pop()).is_alive():
            process.stop()
        return process
    return _Process()


def _parse(kind: Kind, text: str) -> ParsedArticle:
    try:
        return _THEIRS[kind](text)
    except ArticleAssistantError:
        raise
    except Exception as error:
        raise _unread(kind, f"{type(error).__name__}: {error}"[:200]) from error


def _unread(kind: Kind, got: str) -> MalformedSource:
    return MalformedSource(
        "The article cannot be read.",
        expected=f"{kind} that its parser can read",
        got=got,
        hint="Give the article as plain text.",
    )
