"""The reader's network as a function of arrays: by OpenVINO where it agrees with torch, else by torch."""

from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.reading import weights
from assistant.reading.tokens import join_pair, pad
from embeddings.converted_network import Arrays, NotConverted, TorchSource, converted

if TYPE_CHECKING:
    from torch import nn


class PairNetwork(Protocol):
    """A function from token ids, token types and attention mask to the logits of start, end and answerability.

    ``runtime`` says what runs it.
    """

    runtime: str

    def __call__(self, *inputs: NDArray[np.int64]) -> Arrays:
        """Return the logits."""


# What a converted network has to agree on with torch. In bfloat16 logits differ by .11.
_SAMPLE = (
    ("When did the river rise?", "Floods", "The river rose by three metres on Monday, the highest since 1954."),
    ("Who said so?", "", "Nobody. " * 90),
)
_TOLERANCE = 0.25


def load() -> PairNetwork:
    """Return the network of the packaged weights.

    Raises:
        ReaderUnavailable: the weights do not load.
    """
    names = ("ids", "types", "attention")
    try:
        return converted(TorchSource("reader", weights.revision(), names, weights.load, _sample, _TOLERANCE))
    except NotConverted as reason:
        return TorchNetwork(weights.load(), f"torch ({reason})")


class TorchNetwork:
    """A network that torch runs."""

    def __init__(self, network: "nn.Module", runtime: str = "torch") -> None:
        self._network = network
        self.runtime = runtime

    def __call__(self, *inputs: NDArray[np.int64]) -> Arrays:
        """Return the network's outputs, in their order."""
        import torch

        with torch.inference_mode():
            return tuple(output.numpy() for output in self._network(*map(torch.from_numpy, inputs)))


def _sample(network: "nn.Module") -> tuple[Arrays, Arrays]:
    encode = partial(weights.tokenizer().encode, add_special_tokens=False)
    inputs = pad([join_pair(encode(question), encode(title), encode(text)) for question, title, text in _SAMPLE])
    return inputs, TorchNetwork(network)(*inputs)
