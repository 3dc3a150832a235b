"""The careful reader's weights: their difference from all-mpnet-base-v2, in four bits.

The difference is relative to the base model's weights quantised to eight bits, which training started from.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.reading import base_model
from assistant.reading.weights import reader_errors, stored

if TYPE_CHECKING:
    from torch import Tensor

    from assistant.reading.careful_network import CarefulNetwork

WEIGHTS_FILE = Path(__file__).parent / "weights" / "careful.safetensors"
PREFIX = "mpnet."  # of the encoder's weights in the file


def base(path: Path) -> "dict[str, Tensor]":
    """Return the weights that training started from, by their names in files."""
    from safetensors.torch import load_file

    from assistant.reading.quantised import coarse, restore

    kept = {
        name: value
        for name, value in load_file(path).items()
        if value.is_floating_point() and not name.startswith("pooler.")
    }
    return {PREFIX + name: value for name, value in restore(coarse(kept)).items()}


def state(path: Path = WEIGHTS_FILE) -> "dict[str, Tensor]":
    """Return the weights of the careful reader, by their names in files.

    Raises:
        ReaderUnavailable: the base model is not installed.
        ValueError: the file does not belong to it.
        OSError: the file does not exist.
    """
    from assistant.reading.quantised import add

    started_from = base_model.weights_file()
    changed = stored(path, base_model.SHA256)
    return add(base(started_from), changed)


def load(path: Path = WEIGHTS_FILE) -> "CarefulNetwork":
    """Return the network, in evaluation mode.

    Raises:
        ReaderUnavailable: the base model is not installed, or the file does not belong to it.
    """
    from assistant.reading.careful_network import CarefulNetwork

    with reader_errors(
        "The careful reader's weights do not load.",
        expected=f"what `python -m training.teacher train` wrote for {base_model.SHA256[:8]}…",
        hint=f"Restore {path}, or set ASSISTANT_READER=small.",
    ):
        network = CarefulNetwork()
        network.load_state_dict(state(path))
    return network.eval()
