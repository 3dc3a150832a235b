"""A real PostgreSQL server for tests, in a temporary folder and behind a Unix socket."""

import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from select import select


class PostgresServer:
    """A server that can be stopped and started again. Each of :meth:`library_url` is a library of its own."""

    def __init__(self) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not programs:
            raise FileNotFoundError("no PostgreSQL server in /usr/lib/postgresql")
        self._bin = programs[-1]
        self._user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the name of a socket has at most 107 bytes
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--no-sync", "--auth=trust", "--username=test", "--encoding=UTF8", "--locale=C")
        self.start()

    def start(self) -> None:
        self._run("pg_ctl", "--wait", "start", "-l", str(self._folder / "log"), "-o", f"-F -h '' -k {self._folder}")

    def stop(self) -> None:
        """End all connections at once."""
        self._run("pg_ctl", "--wait", "stop", "--mode=fast")

    def kill(self) -> None:
        """Kill its processes, as a machine without memory does; the next start recovers what was committed."""
        lock = self._folder / "data" / "postmaster.pid"
        postmaster = lock.read_text("ascii").split()[0]
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text("ascii").split()
        for process in map(int, (postmaster, *children)):
            handle = os.pidfd_open(process)
            os.kill(process, signal.SIGKILL)
            select([handle], [], [])  # until it has ended
            os.close(handle)
        # Where nobody asks how it ended, as in many containers, it would still count as running.
        for file in (lock, self._folder / ".s.PGSQL.5432.lock"):
            file.unlink()

    def close(self) -> None:
        with suppress(subprocess.CalledProcessError):  # a test may have stopped it
            self.stop()
        shutil.rmtree(self._folder)

    def library_url(self) -> str:
        """Return the address of an empty schema."""
        import psycopg

        schema = f"s{uuid.uuid4().hex}"
        server = f"postgresql:///postgres?host={self._folder}&user=test"
        with psycopg.connect(server) as connection:
            connection.execute(f"CREATE SCHEMA {schema}".encode())
        return f"{server}&options=-csearch_path%3D{schema}"

    def _run(self, program: str, *options: str) -> None:
        command = [str(self._bin / program), *options, "-D", str(self._folder / "data")]
        subprocess.run(
            command, user=self._user, cwd=self._folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
