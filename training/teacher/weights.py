"""The teacher's weights: those that training starts from, and those of a file that ships as the careful reader's."""

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from assistant.reading import base_model, careful_weights
from assistant.reading.quantised import add
from training.encoder import TransformerEncoder
from training.network import TrainableReader
from training.quantised import difference
from training.run_setup import precision
from training.shapes import MPNET

FROZEN = ("words", "places", "embedded", "relative")


def start() -> dict[str, Tensor]:
    """Return the weights that training starts from, by their names in files."""
    return careful_weights.base(base_model.weights_file())


def network(state: Mapping[str, Tensor], dropout: float = 0.0) -> TrainableReader:
    """Return a teacher network with the given weights."""
    found = TrainableReader(TransformerEncoder(MPNET, dropout, precision()), FROZEN)
    found.load_named(state)
    return found


def save(trained: TrainableReader, path: Path) -> None:
    """Write the difference between the trained and the starting weights, with the sha256 of the base model."""
    changed = difference(start(), {name: value.cpu() for name, value in trained.named_weights().items()})
    save_file(changed, path, {"starts_from": base_model.SHA256})


def load(path: Path) -> TrainableReader:
    """Return the network from a file that :func:`save` wrote."""
    return network(add(start(), load_file(path))).eval()
