"""A Ray cluster: files → articles → passages → vectors on its machines. This process stores what they return.

    paths → reading actors → encoding actors, one a core → this process, which writes
                                ↕
                             one actor beside the library, which says what is stored already

Everything between the stages lies in Ray's object store, which is kept small: who reads waits for those who encode, and
they for the writer. What a killed process or machine was doing is done again by another. Records keep their order.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assistant.errors import ClusterFailed
from assistant.sources.records import Record
from embeddings.converted_network import limit_threads
from embeddings.encoder import Encoder, load_encoder
from embeddings.errors import ArticleAssistantError, ExtraMissing, InvalidInput, LibraryMismatch
from embeddings.fingerprint import Fingerprint
from embeddings.ingest import ChunkedArticle, chunk_article, encode_new
from embeddings.known_texts import KnownTexts

if TYPE_CHECKING:
    import pyarrow

    from assistant.settings import Settings
    from embeddings.library import Library

LOCAL = "local"  # the address of a cluster on this machine alone, made for one call

_FILES = 8  # that are read before the articles are passed on
_MOST_BLOCKS = 10_000  # of files
_ARTICLES = 8  # that are encoded at once
_BLOCK = 64 << 10  # bytes of articles that are passed on before a file is read to its end: some hundred passages
_BETWEEN_STAGES = 256 << 20  # bytes in the object store
_CONNECT_SECONDS = 5.0
_ENCODERS = 4  # that a reader reads for
_READING, _ENCODING = 0.1, 0.9  # shares of a core

ReadFile = Callable[[Path], Iterator[Record]]


@dataclass(frozen=True)
class EncodedRecord:
    """A record whose article is chunked and, unless it is stored already, encoded."""

    place: str
    article: ChunkedArticle | None
    error: ArticleAssistantError | None = None


@dataclass(frozen=True)
class Cluster:
    """What reads and encodes for one library.

    Attributes:
        address: ``host:port`` of the cluster, of which this machine is a node; or :data:`LOCAL`.
        load: Loads the library's encoder, on any node.
        library: The library's folder, on this machine.
        database_url: The address of its database, if that is not in the folder.
    """

    address: str
    load: Callable[[], Encoder]
    library: Path
    database_url: str | None = None

    @classmethod
    def of(cls, address: str, library: "Library", settings: "Settings") -> Self:
        """Return the cluster at an address, for a library that is open with these settings."""
        folder = Path(settings.encoder)
        encoder = str(folder.absolute()) if folder.is_dir() else settings.encoder
        return cls(address, partial(load_encoder, encoder), library.path.absolute(), settings.library_database)

    def encode(self, paths: Sequence[Path], read: ReadFile) -> Iterator[EncodedRecord]:
        """Yield the records of files, in their order. Every node must have the files at the same paths.

        Raises:
            ExtraMissing: Ray is not installed.
            InvalidInput: The address is one of Ray's client protocol.
            ClusterFailed: The cluster cannot be reached, or did not do it. What was yielded is right.
            LibraryMismatch: A node has another encoder.
        """
        if not paths:
            return
        with _connected(self.address) as ray:
            known = _on_this_machine(ray, KnownTexts).remote(self.library, self.load, self.database_url)
            blocks = min(-(-len(paths) // _FILES), _MOST_BLOCKS)
            cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
            records = (
                ray.data.from_items([os.fsencode(path) for path in paths], override_num_blocks=blocks)
                .flat_map(
                    _Reading,
                    fn_constructor_args=(read, Path.cwd()),
                    compute=ray.data.ActorPoolStrategy(size=-(-cores // _ENCODERS)),
                    num_cpus=_READING,
                )
                .map_batches(
                    _Encoding,
                    fn_constructor_args=(self.load, self.load().fingerprint, known),
                    batch_size=_ARTICLES,
                    batch_format="pyarrow",
                    compute=ray.data.ActorPoolStrategy(size=cores, max_tasks_in_flight_per_actor=2),
                    num_cpus=_ENCODING,
                )
            )
            for row in records.iter_rows():
                yield ray.cloudpickle.loads(row["record"])


class _Reading:
    """An actor that reads files, whose paths may be relative to a folder. Tasks would often be new processes."""

    def __init__(self, read: ReadFile, folder: Path) -> None:
        self._read, self._folder = read, folder

    def __call__(self, row: Mapping[str, bytes]) -> Iterator[dict[str, bytes]]:
        """Yield the records of a file."""
        from ray import cloudpickle

        path = Path(os.fsdecode(row["item"]))
        for place, article, error in self._read(self._folder / path):
            shown = f"{path}{place.removeprefix(str(self._folder / path))}"
            record = EncodedRecord(shown, ChunkedArticle(article) if article else None, error)
            yield {"record": cloudpickle.dumps(record)}  # not the object, which Ray would describe in its logs


class _Encoding:
    """An actor that chunks and encodes what is new, in one thread."""

    def __init__(self, load: Callable[[], Encoder], expected: Fingerprint, known: Any) -> None:
        self._load, self._expected, self._known = load, expected, known

    @cached_property
    def _encoder(self) -> Encoder:
        # Loaded by the first call, because Ray would retry a constructor that fails, and hide the error's class.
        limit_threads(1)
        encoder = self._load()
        if encoder.fingerprint != self._expected:
            raise LibraryMismatch(
                "A node of the cluster has another encoder.",
                expected=self._expected.model_dump_json(),
                got=encoder.fingerprint.model_dump_json(),
                hint="Install the same version of the program and of the model on every node.",
            )
        return encoder

    def __call__(self, batch: "pyarrow.Table") -> "pyarrow.Table":
        """Return the records with their articles chunked and encoded, but for those that are stored."""
        import pyarrow as pa
        import ray

        records: list[EncodedRecord] = [ray.cloudpickle.loads(record) for record in batch["record"].to_pylist()]
        articles = [record.article.article for record in records if record.article]
        unchanged = iter(ray.get(self._known.unchanged.remote(articles)))
        chunked = [
            given if given is None or next(unchanged) else chunk_article(given.article, self._encoder)
            for given in (record.article for record in records)
        ]
        new = [article for article in chunked if article]
        digests = [digest for article in new for digest in article.digests]
        vectors = encode_new(new, self._encoder, ray.get(self._known.encoded.remote(digests)))
        encoded = (
            article and article._replace(vectors={key: vectors[key] for key in article.digests if key in vectors})
            for article in chunked
        )
        done = [replace(record, article=article) for record, article in zip(records, encoded, strict=True)]
        return pa.table({"record": pa.array(map(ray.cloudpickle.dumps, done), pa.large_binary())})


def _on_this_machine(ray: Any, kind: type) -> Any:
    """Return a class of actors that live on this machine, and are started again whenever they die."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    return ray.remote(kind).options(num_cpus=0, max_restarts=-1, max_task_retries=-1, scheduling_strategy=here)


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Connect to a cluster, or start one; afterwards leave it, or stop it."""
    if address.startswith("ray://"):
        raise InvalidInput(
            "The writer cannot be a client of the cluster.",
            expected="the address of the cluster itself, such as host:6379, or local",
            got=address,
            hint="Make this machine a node: ray start --address=HOST:6379 --num-cpus=0",
        )
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report to its makers
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # errors are raised, too
    os.environ["RAY_DEDUP_LOGS_SKIP_REGEX"] = "."  # else the deaths of workers are printed among the outcomes
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ExtraMissing("ray", error.name or "ray") from error
    try:
        if address != LOCAL:
            host, _, port = address.rpartition(":")
            socket.create_connection((host, int(port)), _CONNECT_SECONDS).close()  # Ray would try it for a minute
        ray.init(address=address, include_dashboard=None, log_to_driver=False, logging_level="ERROR")
    except Exception as error:  # it raises errors of many kinds, and Exception itself
        raise _failed(address, "a cluster that answers, of which this machine is a node", error) from error
    try:
        _configure(ray.data.DataContext.get_current())
        yield ray
    except ray.exceptions.RayError as error:
        raise _cause(error) or _failed(address, "every file to be read and encoded", error) from error
    finally:
        ray.shutdown()


def _configure(context: Any) -> None:
    """Keep the order and little in memory, and print nothing."""
    from ray.data import ExecutionResources

    context.execution_options.preserve_order = True
    context.execution_options.resource_limits = ExecutionResources(object_store_memory=_BETWEEN_STAGES)
    context.target_max_block_size = _BLOCK
    context.raise_original_map_exception = True
    context.enable_progress_bars = False
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # errors are raised, too


def _cause(error: BaseException) -> ArticleAssistantError | None:
    """Return the error of this program that Ray has wrapped into its own, if there is one."""
    cause = getattr(error, "cause", None) or error.__cause__
    return cause if isinstance(cause, ArticleAssistantError) or cause is None else _cause(cause)


def _failed(address: str, expected: str, error: BaseException) -> ClusterFailed:
    got = f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no reason'}"
    hint = "Check it with `ray status`; then run the command again: what is stored is not encoded again."
    return ClusterFailed(f"{expected} at {address}", got[:300], hint)
