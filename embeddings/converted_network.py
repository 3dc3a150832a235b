"""Networks converted from torch to OpenVINO: faster on a processor, and they start without torch.

A network is converted when it is first used, which takes some ten seconds, and kept in the user's cache folder. It runs
only if it agrees with torch: its outputs for fixed inputs are compared with torch's, each time it is loaded.
"""

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from threading import RLock, local
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import nn

Arrays = tuple[NDArray[Any], ...]

_FORMAT = 3  # of a folder in the cache; it changes with what this module writes there
_SAMPLE = ("inputs.npz", "outputs.npz")
_REFUSED = "refused"  # the file with the reason
_GPU = Path("/dev/nvidiactl")  # there with NVIDIA's driver
_CONVERSION_SECONDS = 300.0  # for another process to finish

# One network at a time is converted, read or run for the first time. OpenVINO changes the process's locale while it
# reads a network, and in its first run holds a lock while it waits for Python's: two first runs at once can deadlock.
_loading = RLock()

_properties: dict[str, Any] = {
    "PERFORMANCE_HINT": "LATENCY",
    # Pinned, the threads of all processes that have one each would share the first core.
    "ENABLE_CPU_PINNING": False,
    # How much OpenVINO keeps of what it prepared for shapes of inputs; its 5,000 took 1 MB a shape and saved no time.
    "CPU_RUNTIME_CACHE_CAPACITY": "100",
}


class NotConverted(Exception):
    """The network cannot run by OpenVINO here; torch runs it instead. The message is the reason."""


@dataclass(frozen=True)
class TorchSource:
    """A torch network that can be converted.

    Attributes:
        name: The name of its folder in the cache.
        revision: What identifies its weights: a hash or a commit.
        inputs: The names of its inputs, integers of shape (batch, tokens).
        load: Returns the network, which takes the inputs in their order and returns a tuple of tensors.
        sample: Returns fixed inputs, and the outputs that torch gives for them.
        tolerance: The largest difference of an output from torch's.
        half: Store the weights in half precision.
    """

    name: str
    revision: str
    inputs: tuple[str, ...]
    load: "Callable[[], nn.Module]"
    sample: "Callable[[nn.Module], tuple[Arrays, Arrays]]"
    tolerance: float
    half: bool = False


class ConvertedNetwork:
    """A network in a folder of the cache. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._compiled = _compile(folder, _properties)
        self._requests = local()
        precision = self._compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        self.runtime = f"OpenVINO {version('openvino')}, {precision}"
        self.threads = self._compiled.get_property("INFERENCE_NUM_THREADS")

    def __call__(self, *inputs: NDArray[np.int64]) -> Arrays:
        """Return the network's outputs, in their order."""
        if not hasattr(self._requests, "request"):
            self._requests.request = self._compiled.create_infer_request()
        results = self._requests.request.infer(list(inputs), share_inputs=True)
        return tuple(results.to_tuple())

    def side_by_side(self, batches: Sequence[Arrays]) -> list[Arrays]:
        """Return the outputs for up to ``streams`` batches, each in a thread of its own. For one caller at a time."""
        requests = self._requests_side_by_side[: len(batches)]
        for request, inputs in zip(requests, batches, strict=True):
            request.start_async(list(inputs), share_inputs=True)
        for request in requests:
            request.wait()
        return [tuple(output.data.copy() for output in request.output_tensors) for request in requests]

    @property
    def streams(self) -> int:
        """How many batches run side by side. What runs them loads in a third of a second, and takes as much memory."""
        return len(self._requests_side_by_side) if self.threads > 1 else 1

    @cached_property
    def _requests_side_by_side(self) -> list[Any]:
        compiled = _compile(self._folder, _properties | {"PERFORMANCE_HINT": "THROUGHPUT"})
        return [compiled.create_infer_request() for _ in range(compiled.get_property("NUM_STREAMS"))]


def limit_threads(number: int) -> None:
    """Let the networks that this process loads from now on run in so many threads; else they use every core."""
    _properties["INFERENCE_NUM_THREADS"] = number


def converted(source: TorchSource, cache: Path | None = None) -> ConvertedNetwork:
    """Return a network that OpenVINO runs, converted now if it is not in the cache.

    Args:
        source: The torch network.
        cache: The cache folder; by default ``article-assistant`` in the user's cache.

    Raises:
        NotConverted: There is a GPU, which torch uses; the network cannot be converted or stored; or its outputs differ
            from torch's.
    """
    if _GPU.exists():
        raise NotConverted("torch uses the GPU")
    try:
        folder = (cache or user_cache()) / f"{source.name}-{source.revision[:16]}-{version('openvino')}-{_FORMAT}"
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock", timeout=_CONVERSION_SECONDS), _loading:
            if folder.exists():
                with suppress(OSError, RuntimeError, ValueError):  # a damaged one is converted again
                    return _load(folder, source.tolerance)
                shutil.rmtree(folder)
            _convert(source, folder)
            return _load(folder, source.tolerance)
    except (OSError, RuntimeError, ValueError) as error:
        raise NotConverted(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}") from error


def user_cache() -> Path:
    """Return the folder of what is made or fetched once for all libraries of a user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "article-assistant"


def _load(folder: Path, tolerance: float) -> ConvertedNetwork:
    """Return the network of a folder.

    Raises:
        NotConverted: Its outputs differed from torch's when it was converted.
        ValueError: They differ now.
    """
    if (folder / _REFUSED).exists():
        raise NotConverted((folder / _REFUSED).read_text("utf-8"))
    network = ConvertedNetwork(folder)
    difference = _largest_difference(network, folder)
    if not difference <= tolerance:
        raise ValueError(f"outputs differ from torch's by {difference:.2g}")
    return network


def _convert(source: TorchSource, folder: Path) -> None:
    """Write the folder of a network: the network, and a sample of inputs with torch's outputs; or why it is refused."""
    new = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        module = source.load().eval()
        for name, arrays in zip(_SAMPLE, source.sample(module), strict=True):
            np.savez(new / name, *arrays)
        _write_network(module, source, new / "network.xml")
        try:
            _load(new, source.tolerance)
        except ValueError as different:
            (new / _REFUSED).write_text(str(different), "utf-8")
        new.rename(folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def _write_network(module: "nn.Module", source: TorchSource, path: Path) -> None:
    import torch

    batch, tokens = torch.export.Dim("batch", max=1024), torch.export.Dim("tokens", min=2, max=512)
    example = tuple(torch.ones(3, 17, dtype=torch.long) for _ in source.inputs)
    shapes = tuple({0: batch, 1: tokens} for _ in source.inputs)
    openvino = _import_openvino()
    with torch.no_grad(), warnings.catch_warnings(action="ignore"):  # of deprecated functions that torch itself calls
        exported = torch.export.export(module, example, dynamic_shapes=shapes)
        openvino.save_model(openvino.convert_model(exported), path, compress_to_fp16=source.half)


def _largest_difference(network: ConvertedNetwork, folder: Path) -> float:
    """Return the largest difference of an output from torch's for the sample."""
    inputs, expected = (tuple(np.load(folder / name).values()) for name in _SAMPLE)
    return max(float(np.abs(a - b).max()) for a, b in zip(network(*inputs), expected, strict=True))


def _compile(folder: Path, properties: dict[str, Any]) -> Any:
    with _loading:
        core = _import_openvino().Core()
        core.set_property({"CACHE_DIR": str(folder / "compiled"), "CACHE_MODE": "OPTIMIZE_SIZE"})  # no second weights
        return core.compile_model(folder / "network.xml", "CPU", properties)


def _import_openvino() -> Any:
    """Import OpenVINO without its telemetry, which would report each import to its makers."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino
