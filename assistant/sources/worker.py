"""Subprocesses that run third-party parsers, with a limit of time and memory.

These parsers need hours or all memory for some inputs, in calls that cannot be interrupted, or crash. A subprocess can
always be killed.
"""

import atexit
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from assistant.errors import MalformedSource
from embeddings.cancellation import checkpoint
from embeddings.errors import TookTooLong

Task = Callable[[str, str, bytes], bytes]  # from a task's name, options and input to its result

_MAX_REUSE = 2_000_000  # bytes after which a subprocess is not reused, because it keeps too much memory
_MAX_MEMORY = 4 << 30  # bytes that a subprocess may take; a document of the largest size takes a quarter
_POLL = 0.05  # seconds between two checks whether the work is cancelled
_CHILD = "import sys; fd, *sys.path = sys.argv[1:]; import assistant.sources.parsing as p; p.serve(int(fd), p.run)"


class WorkerEnded(Exception):
    """A subprocess crashed, or was killed for taking too much memory. ``code`` is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def call(task: str, options: str, data: bytes, seconds: float) -> bytes:
    """Run a task in a subprocess and return its result.

    Raises:
        MalformedSource: the task raised it.
        TookTooLong: the task took more than ``seconds``.
        WorkerEnded: the subprocess ended.
        Cancelled: the work was cancelled.
    """
    process = _idle_process()
    try:
        is_done, result = process.call(task, options, data, seconds)
    except (EOFError, OSError):
        code = process.stop()
        if code == -signal.SIGALRM:
            raise TookTooLong("Reading the article", seconds, "Split it, or raise ASSISTANT_READING_SECONDS.") from None
        raise WorkerEnded(code) from None
    except BaseException:
        process.stop()
        raise
    if len(data) > _MAX_REUSE:
        process.stop()
    else:
        _idle.append(process)
    if not is_done:
        raise MalformedSource(**json.loads(result))
    return result


def serve(fd: int, run: Task) -> None:
    """Run the tasks that come over a connection until it is closed: the main function of the subprocess."""
    os.nice(10)  # questions have priority
    resource.setrlimit(resource.RLIMIT_DATA, (_MAX_MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the default action ends the process, whatever it is doing
    with Connection(fd) as connection, suppress(EOFError, OSError):
        while True:
            task, options, seconds = json.loads(connection.recv_bytes())
            data = connection.recv_bytes()
            signal.setitimer(signal.ITIMER_REAL, seconds)
            try:
                is_done, result = True, run(task, options, data)
            except MalformedSource as error:
                is_done, result = False, json.dumps(vars(error)).encode()
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send_bytes(bytes([is_done]) + result)


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

    def call(self, task: str, options: str, data: bytes, seconds: float) -> tuple[bool, bytes]:
        """Return True and the result, or False and an error; raises EOFError or OSError if the subprocess has ended."""
        self._connection.send_bytes(json.dumps([task, options, seconds]).encode())
        self._connection.send_bytes(data)
        while not self._connection.poll(_POLL):
            checkpoint()
        reply = self._connection.recv_bytes()
        return bool(reply[0]), reply[1:]

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
