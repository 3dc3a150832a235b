"""Pairs as arrays of tokens in one file, and batches of them on a device."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

CLS, SEP = 101, 102  # of the uncased BERT vocabulary
MAX_SENTENCE, MAX_TOKENS = 96, 352  # longer ones are truncated
_MULTIPLE = 8


@dataclass(frozen=True)
class PairArrays:
    """Pairs and the tokens of their texts.

    ``tokens`` are those of all texts, of which text ``i`` has ``ends[i]:ends[i + 1]``. ``premise``, ``sentence``,
    ``classes`` (bits), ``kind`` (an index into ``kinds``) and ``held`` (not trained on) have an entry for each pair.
    """

    tokens: NDArray[np.uint16]
    ends: NDArray[np.int64]
    premise: NDArray[np.int32]
    sentence: NDArray[np.int32]
    classes: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    held: NDArray[np.bool_]
    kinds: NDArray[np.str_]

    def save(self, path: Path) -> None:
        """Write the arrays to a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **{one.name: getattr(self, one.name) for one in fields(self)})

    @classmethod
    def load(cls, path: Path) -> "PairArrays":
        """Return the arrays of a file."""
        with np.load(path) as found:
            return cls(**{one.name: found[one.name] for one in fields(cls)})


class PairBatch(NamedTuple):
    """Token ids, types (1 in the premise) and attention (n, tokens), classes and indexes of the pairs (n,)."""

    ids: Tensor
    types: Tensor
    attention: Tensor
    classes: Tensor
    reading: Tensor


class PairTensors:
    """The sequences ``[CLS] sentence [SEP] premise [SEP]`` of all pairs, on one device."""

    def __init__(self, arrays: PairArrays, device: torch.device) -> None:
        self.device = device
        size = np.diff(arrays.ends)
        sentence = np.minimum(size[arrays.sentence], MAX_SENTENCE)
        premise = np.minimum(size[arrays.premise], MAX_TOKENS - 3 - sentence)
        self.length = sentence + premise + 3
        rows = np.stack([arrays.ends[arrays.sentence], sentence, arrays.ends[arrays.premise], self.length], 1)
        self._rows = torch.from_numpy(rows).to(device)
        self._tokens = torch.from_numpy(arrays.tokens.astype(np.int32)).to(device)
        self._classes = torch.from_numpy(arrays.classes).to(device)

    def batch(self, readings: NDArray[np.integer], owner: NDArray[np.integer] | None = None) -> PairBatch:  # noqa: ARG002
        """Return a batch of pairs."""
        longest = -(-int(self.length[readings].max()) // _MULTIPLE) * _MULTIPLE
        reading = torch.from_numpy(np.asarray(readings, np.int64)).to(self.device, non_blocking=True)
        first, sentence, second, length = (one[:, None] for one in self._rows[reading].unbind(1))
        place = torch.arange(longest, device=self.device)
        attention = place < length
        told = (place > 0) & (place <= sentence)
        given = (place > sentence + 1) & (place < length - 1)
        at = torch.where(told, first + place - 1, second + place - sentence - 2).clamp(0, len(self._tokens) - 1)
        ids = torch.where(told | given, self._tokens[at].long(), SEP).masked_fill(~attention, 0)
        ids[:, 0] = CLS
        types = ((place > sentence + 1) & attention).long()
        return PairBatch(ids, types, attention, self._classes[reading], reading)
