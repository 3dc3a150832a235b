"""The trained teacher's weights in 43 MB: their difference from all-mpnet-base-v2, in four bits.

The difference is relative to the package's weights quantised to eight bits, which are also what training starts from.
"""

from collections.abc import Mapping
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.encoder import TransformerEncoder
from training.network import TrainableReader
from training.quantised import add, coarse, difference, restore
from training.run_setup import precision
from training.shapes import MPNET
from training.teacher import package

FROZEN = ("words", "places", "embedded", "relative")


def start(folder: Path = package.FOLDER) -> dict[str, Tensor]:
    """Return the weights that training starts from, by their names in files."""
    package.verify(folder)
    found = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in found.items() if value.is_floating_point() and "pooler" not in name}
    return {MPNET.prefix + name: value for name, value in restore(coarse(kept)).items()}


def network(state: Mapping[str, Tensor], dropout: float = 0.0) -> TrainableReader:
    """Return a teacher network with the given weights."""
    found = TrainableReader(TransformerEncoder(MPNET, dropout, precision()), FROZEN)
    found.load_named(state)
    return found


def save(trained: TrainableReader, path: Path) -> None:
    """Write the difference between the trained and the starting weights, with the sha256 of the base model."""
    changed = difference(start(), {name: value.cpu() for name, value in trained.named_weights().items()})
    save_file(changed, path, {"starts_from": package.SHA256})


def load(path: Path) -> TrainableReader:
    """Return the network from a file that :func:`save` wrote.

    Raises:
        ValueError: the file belongs to another base model.
    """
    with safe_open(path, "pt") as file:
        if (file.metadata() or {}).get("starts_from") != package.SHA256:
            raise ValueError(f"{path} does not start from all-mpnet-base-v2 as {package.FOLDER} has it")
    return network(add(start(), load_file(path))).eval()
