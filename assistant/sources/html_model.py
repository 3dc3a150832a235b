"""The model that tells a page's main text from the rest: gradient-boosted trees over the features of its blocks."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.sources.html_features import Features

WEIGHTS_FILE = Path(__file__).parent / "weights" / "html_blocks.safetensors"


class BlockModel(NamedTuple):
    """Binary decision trees, whose values add up to the log odds that a block is main text.

    Attributes:
        feature: the feature that a node compares; -1 at a leaf (nodes).
        threshold: a row goes left if its value is at most this (nodes).
        left, right: the nodes below (nodes); a leaf's are itself.
        value: what a leaf adds (nodes).
        roots: the first node of each tree (trees).
        start: the log odds before any tree (1).
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    start: NDArray[np.float32]

    def log_odds(self, features: Features) -> NDArray[np.float32]:
        """Return for each row of features the log odds that it is main text."""
        at = np.tile(self.roots, (len(features), 1))
        rows = np.arange(len(features))[:, None]
        while (self.feature[at] >= 0).any():
            goes_left = features[rows, self.feature[at]] <= self.threshold[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        odds: NDArray[np.float32] = self.start + self.value[at].sum(1)
        return odds


@cache
def block_model() -> BlockModel:
    """Return the model that ships.

    Raises:
        OSError: its file is not there.
    """
    from safetensors.numpy import load_file

    return BlockModel(**load_file(WEIGHTS_FILE))
