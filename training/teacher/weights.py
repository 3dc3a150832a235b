"""The trained teacher in 43 MB: what training changed of all-mpnet-base-v2, in four bits.

It is added to the package's weights in steps that a byte counts, which is also what the training begins with.
"""

from collections.abc import Mapping
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.encoder import Encoder
from training.network import Network
from training.pool.loaded import precision
from training.quantised import add, coarse, difference, restore
from training.shapes import MPNET
from training.teacher import package

FROZEN = ("words", "places", "embedded", "relative")


def start(folder: Path = package.FOLDER) -> dict[str, Tensor]:
    """The weights that training begins with, by their names in files."""
    package.verify(folder)
    found = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in found.items() if value.is_floating_point() and "pooler" not in name}
    return {MPNET.prefix + name: value for name, value in restore(coarse(kept)).items()}


def network(state: Mapping[str, Tensor], dropout: float = 0.0) -> Network:
    """A teacher with these weights."""
    found = Network(Encoder(MPNET, dropout, precision()), FROZEN)
    found.take(state)
    return found


def save(trained: Network, path: Path) -> None:
    """Write what training changed, with the sha256 of what it is to be added to."""
    changed = difference(start(), {name: value.cpu() for name, value in trained.give().items()})
    save_file(changed, path, {"starts_from": package.SHA256})


def load(path: Path) -> Network:
    """The network of a file that :func:`save` wrote.

    Raises:
        ValueError: it belongs to other weights.
    """
    with safe_open(path, "pt") as file:
        if (file.metadata() or {}).get("starts_from") != package.SHA256:
            raise ValueError(f"{path} does not start from all-mpnet-base-v2 as {package.FOLDER} has it")
    return network(add(start(), load_file(path))).eval()
