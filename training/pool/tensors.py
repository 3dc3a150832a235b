"""Input sequences on a device, and batches assembled from them."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.pool.arrays import UNLABELLED, Sequences

_MULTIPLE = 8  # batches are padded to a multiple of this many tokens, which fast attention kernels prefer


class TokenBatch(NamedTuple):
    """A batch of n readings; each tensor is (n, tokens) or (n,).

    ``types`` (n, tokens) is 1 in heading and passage, else 0; ``inside`` is True at the tokens of the passage,
    ``starts`` and ``ends`` at the first and last tokens of accepted answers. ``labelled`` (n,) is True if the answers
    are known, ``owner`` (n,) is the number of the question in the batch, which has ``questions`` of them. ``reading``
    (n,) and ``at`` (n, tokens) index the readings and tokens of all sequences.
    """

    ids: Tensor
    types: Tensor
    attention: Tensor
    inside: Tensor
    starts: Tensor
    ends: Tensor
    labelled: Tensor
    owner: Tensor
    reading: Tensor
    at: Tensor
    questions: int


class Tensors:
    """The input sequences of all readings, on one device."""

    def __init__(self, sequences: Sequences, label: NDArray[np.integer], device: torch.device) -> None:
        self.device = device
        self.length = sequences.length
        self._ids = torch.from_numpy(sequences.ids.astype(np.int32)).to(device)
        rows = np.stack([sequences.start, sequences.length, sequences.asked, sequences.first], 1)
        self._rows = torch.from_numpy(rows.astype(np.int64)).to(device)
        self._starts = torch.from_numpy(sequences.starts.astype(np.int64)).to(device)
        self._ends = torch.from_numpy(sequences.ends.astype(np.int64)).to(device)
        self._accepted = sequences.starts, sequences.ends
        self._labelled = torch.from_numpy(label != UNLABELLED).to(device)

    def __len__(self) -> int:
        return len(self.length)

    @property
    def tokens(self) -> int:
        """Number of tokens of all sequences."""
        return len(self._ids)

    def batch(self, readings: NDArray[np.integer], owner: NDArray[np.integer] | None = None) -> TokenBatch:
        """Return a batch of readings; ``owner`` is the question number of each, by default one question per reading."""
        owner = np.arange(len(readings)) if owner is None else owner
        longest = -(-int(self.length[readings].max()) // _MULTIPLE) * _MULTIPLE
        reading = torch.from_numpy(np.asarray(readings, np.int64)).to(self.device, non_blocking=True)
        start, length, asked, first = self._rows[reading].unbind(1)
        place = torch.arange(longest, device=self.device)
        attention = place < length[:, None]
        at = (start[:, None] + place).clamp(max=len(self._ids) - 1)
        ids = self._ids[at].long().masked_fill(~attention, 0)
        inside = (place >= first[:, None]) & (place < length[:, None] - 1)
        return TokenBatch(
            ids=ids,
            types=((place >= asked[:, None]) & attention).long(),
            attention=attention,
            inside=inside,
            starts=self._marks(self._starts[reading], longest),
            ends=self._marks(self._ends[reading], longest),
            labelled=self._labelled[reading],
            owner=torch.from_numpy(np.asarray(owner, np.int64)).to(self.device, non_blocking=True),
            reading=reading,
            at=at,
            questions=int(owner.max()) + 1,
        )

    def places(self, readings: Tensor) -> Tensor:
        """Return the token indexes of some readings in all sequences, concatenated."""
        start, length = self._rows[readings, :2].unbind(1)
        before = length.cumsum(0) - length
        return torch.repeat_interleave(start - before, length) + torch.arange(int(length.sum()), device=self.device)

    def accepted(self, reading: int) -> list[tuple[int, int]]:
        """Return the first and last token of each accepted answer of a reading."""
        starts, ends = (places[reading].tolist() for places in self._accepted)
        return [(start, end) for start, end in zip(starts, ends, strict=True) if start >= 0]

    def _marks(self, places: Tensor, longest: int) -> Tensor:
        """Return a mask (n, longest) that is True at the given offsets; -1 marks nothing."""
        marks = torch.zeros((len(places), longest + 1), dtype=torch.bool, device=self.device)
        return marks.scatter_(1, places.remainder(longest + 1), 1)[:, :longest]
