"""Batches of tensors: token ids, and the tokens at which accepted answers start and end."""

import random
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from assistant.reading.tokens import TokenizedPair, join_pair, pad
from training.examples import Example, Reading


class Batch(NamedTuple):
    """Readings of similar length, as tensors of shape (n, tokens).

    ``inside`` is True at the tokens of the passage, ``starts`` and ``ends`` where an accepted answer starts or ends.
    ``owner`` has shape (n,): the index of each reading's example in the step.
    """

    ids: Tensor
    types: Tensor
    attention: Tensor
    inside: Tensor
    starts: Tensor
    ends: Tensor
    owner: Tensor


class Batches:
    """Tokenizes the examples of a training step and groups them into batches."""

    def __init__(self, tokenizer: Tokenizer, window: int, seed: int) -> None:
        self._window = window
        self._seed = seed
        self._encode = lru_cache(maxsize=20_000)(lambda text: tokenizer.encode(text, add_special_tokens=False))

    def of(self, examples: Sequence[Example], size: int) -> list[Batch]:
        """Return all readings of the examples, in batches of at most ``size``, sorted by length to reduce padding."""
        chance = random.Random(f"{self._seed} {examples[0].question}")  # noqa: S311  it has to be reproducible
        reads = [
            (*self._read(self._encode(example.question), reading, chance), owner)
            for owner, example in enumerate(examples)
            for reading in example.readings
        ]
        reads.sort(key=lambda one: len(one[0].ids))
        return [_batch(reads[first : first + size]) for first in range(0, len(reads), size)]

    def _read(
        self, question: Encoding, reading: Reading, chance: random.Random
    ) -> tuple[TokenizedPair, list[tuple[int, int]]]:
        passage = self._encode(reading.passage)
        spans = [_tokens(passage, span) for span in reading.spans]
        first = max(0, len(passage.ids) - self._window)
        if first:
            start, end = chance.choice(spans) if spans else (0, 0)
            lowest, highest = (max(0, end + 1 - self._window), min(start, first)) if spans else (0, first)
            first = chance.randint(min(lowest, highest), highest)
        one = join_pair(question, self._encode(reading.heading), passage, slice(first, first + self._window))
        inside = range(len(one.offsets))
        kept = [(start - first, end - first) for start, end in spans]
        return one, [span for span in kept if span[0] in inside and span[1] in inside]


def _tokens(passage: Encoding, span: tuple[int, int]) -> tuple[int, int]:
    """Return the indices of the first and the last token that overlap a span of characters."""
    touched = [i for i, (start, end) in enumerate(passage.offsets) if start < span[1] and span[0] < end]
    return touched[0], touched[-1]


def _batch(reads: Sequence[tuple[TokenizedPair, list[tuple[int, int]], int]]) -> Batch:
    ids, types, attention = map(torch.from_numpy, pad([one for one, *_ in reads]))
    inside, starts, ends = (torch.zeros(ids.shape, dtype=torch.bool) for _ in range(3))
    for row, (one, spans, *_) in enumerate(reads):
        inside[row, one.passage_start : one.passage_start + len(one.offsets)] = True
        for start, end in spans:
            starts[row, one.passage_start + start] = ends[row, one.passage_start + end] = True
    owner = torch.tensor([owner for *_, owner in reads])
    return Batch(ids, types, attention, inside, starts, ends, owner)
