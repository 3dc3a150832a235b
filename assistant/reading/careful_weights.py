"""The careful reader's weights: their difference from all-mpnet-base-v2, in four bits.

The difference is relative to the base model's weights quantised to eight bits, which training started from.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ReaderUnavailable
from assistant.reading import base_model

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
    from safetensors import safe_open
    from safetensors.torch import load_file

    from assistant.reading.quantised import add

    started_from = base_model.weights_file()
    with safe_open(path, "pt") as file:
        if (file.metadata() or {}).get("starts_from") != base_model.SHA256:
            raise ValueError("it starts from another model")
    return add(base(started_from), load_file(path))


def load(path: Path = WEIGHTS_FILE) -> "CarefulNetwork":
    """Return the network, in evaluation mode.

    Raises:
        ReaderUnavailable: the base model is not installed, or the file does not belong to it.
    """
    from safetensors import SafetensorError

    from assistant.reading.careful_network import CarefulNetwork

    try:
        network = CarefulNetwork()
        network.load_state_dict(state(path))
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ReaderUnavailable(
            "The careful reader's weights do not load.",
            expected=f"what `python -m training.teacher train` wrote for {base_model.SHA256[:8]}…",
            got=str(error).partition("\n")[0],
            hint=f"Restore {path}, or set ASSISTANT_READER=small.",
        ) from error
    return network.eval()
