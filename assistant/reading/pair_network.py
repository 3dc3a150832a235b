"""A network over pairs of texts as a function of arrays: by OpenVINO where it agrees with torch, else by torch."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.reading.tokens import join_pair, pad
from assistant.reading.weights import tokenizer
from embeddings.converted_network import Arrays, NotConverted, TorchSource, converted

if TYPE_CHECKING:
    from torch import nn

Triple = tuple[str, str, str]  # the first text, the title of the second and the second, as in ``join_pair``

_INPUTS = ("ids", "types", "attention")
# Of logits, between a converted network and torch. In bfloat16 the small reader's differ by .11 and the careful one's
# by .46, which changes neither F1 (.865 and .866) nor AUROC (.862) on 500 calibration questions; a wrong network's by
# several.
_TOLERANCE = 0.8


class PairNetwork(Protocol):
    """A function from token ids, token types and attention mask to the network's logits.

    ``runtime`` says what runs it.
    """

    runtime: str

    def __call__(self, *inputs: NDArray[np.int64]) -> Arrays:
        """Return the logits."""


def load(name: str, revision: str, torch_network: "Callable[[], nn.Module]", sample: Sequence[Triple]) -> PairNetwork:
    """Return a network, converted if that is possible.

    Args:
        name: The name of its folder in the cache.
        revision: The sha256 of its weights.
        torch_network: Returns the network that torch runs, in evaluation mode.
        sample: Texts for which a converted network has to agree with torch.

    Raises:
        ReaderUnavailable: the weights do not load.
    """
    try:
        return converted(
            TorchSource(name, revision, _INPUTS, torch_network, partial(_outputs, sample), _TOLERANCE, half=True)
        )
    except NotConverted as reason:
        return TorchNetwork(torch_network(), f"torch ({reason})")


class TorchNetwork:
    """A network that torch runs, on a GPU if there is one."""

    def __init__(self, network: "nn.Module", runtime: str = "torch") -> None:
        import torch

        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._network = network.to(self._device)
        self.runtime = runtime

    def __call__(self, *inputs: NDArray[np.int64]) -> Arrays:
        """Return the network's outputs, in their order."""
        import torch

        with torch.inference_mode():
            tensors = (torch.from_numpy(one).to(self._device) for one in inputs)
            return tuple(output.cpu().numpy() for output in self._network(*tensors))


def _outputs(sample: Sequence[Triple], network: "nn.Module") -> tuple[Arrays, Arrays]:
    encode = partial(tokenizer().encode, add_special_tokens=False)
    inputs = pad([join_pair(encode(first), encode(title), encode(second)) for first, title, second in sample])
    return inputs, TorchNetwork(network)(*inputs)
