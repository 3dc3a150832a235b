"""The connection to a Milvus server, or to a file of milvus-lite, which this process then serves to itself."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from embeddings.errors import ExtraMissing, IndexUnavailable

_CONNECT_SECONDS = 5.0
_CALL_SECONDS = 30.0
_OPTIONS = {"grpc.use_local_subchannel_pool": 1}  # a new connection is tried at once after an old one failed

_lite_lock = threading.Lock()
_lite_users: Counter[Path] = Counter()  # of each file of milvus-lite that this process serves


class MilvusAddress(NamedTuple):
    """Where Milvus is: the URI of a server, or the path of a file of milvus-lite; and the token of a server."""

    uri: str
    token: str = ""

    @property
    def lite(self) -> Path | None:
        """The file of milvus-lite, or None for a server."""
        return None if "://" in self.uri else Path(self.uri).absolute()


class MilvusServer:
    """A connection, which pymilvus makes anew when it broke. Every failure is raised as IndexUnavailable."""

    def __init__(self, address: MilvusAddress) -> None:
        """Connect.

        Raises:
            ExtraMissing: The extra ``milvus`` is not installed.
            IndexUnavailable: The server does not answer, or another process uses the file.
        """
        try:
            import grpc
            import pymilvus

            if address.lite:
                import milvus_lite  # noqa: F401
        except ImportError as error:
            raise ExtraMissing("milvus", error.name or "pymilvus") from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it logs is raised, too
        self._address = address
        self._failures = (pymilvus.MilvusException, grpc.RpcError, OSError, ValueError)
        with _lite_lock, self._failing():
            uri = address.uri
            if address.lite:
                address.lite.parent.mkdir(parents=True, exist_ok=True)
                uri = str(address.lite)
            self._client: Any = pymilvus.MilvusClient(
                uri, token=address.token, timeout=_CONNECT_SECONDS, dedicated=True, grpc_options=_OPTIONS
            )
            if address.lite:
                _lite_users[address.lite] += 1

    def call(self, method: str, /, *arguments: Any, **options: Any) -> Any:
        """Call a method of pymilvus' client and return its result.

        Raises:
            IndexUnavailable: It failed, or took too long.
        """
        with self._failing():
            return getattr(self._client, method)(*arguments, timeout=_CALL_SECONDS, **options)

    def close(self) -> None:
        """Close the connection; the last one to a file of milvus-lite lets other processes use it."""
        self._client.close()
        if file := self._address.lite:
            from milvus_lite.server_manager import server_manager_instance

            with _lite_lock:
                _lite_users[file] -= 1
                if not _lite_users[file]:
                    server_manager_instance.release_server(str(file))

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            expected, hint = "a Milvus server that answers", "Check that it runs, its address and the token."
            if self._address.lite:
                expected, hint = "a file that no other process uses", "End the other process, or run a Milvus server."
            place = self._address.uri.rpartition("@")[2]  # without a password
            raise IndexUnavailable(f"{expected} at {place}", str(error), hint) from error
