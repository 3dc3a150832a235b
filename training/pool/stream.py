"""Endless stream of training batches, sampled by kind; readings of similar length share a batch."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from training.pool.arrays import ANSWERED, Ints, Pool
from training.pool.config import Mixture

_AT_ONCE = 8192  # questions drawn at a time, which are then sorted by length


class Stream:
    """An endless, repeatable stream of batches: reading numbers, and for each the number of its question in the batch.

    Args:
        pool: the examples.
        length: tokens of each reading.
        mixture: shares of the kinds, and other options of the sampling.
        tokens: approximate number of tokens of a batch.
        seed: the same seed gives the same batches.
        allowed: True for each reading that may be used; None allows all.

    Raises:
        ValueError: a kind with a positive share has no items.
    """

    def __init__(
        self,
        pool: Pool,
        length: Ints,
        mixture: Mixture,
        *,
        tokens: int,
        seed: tuple[int, ...],
        allowed: NDArray[np.bool_] | None = None,
    ) -> None:
        self._pool = pool
        self._length = length
        self._mixture = mixture
        self._tokens = tokens
        self._chance = np.random.default_rng(seed)
        read = ~np.isin(pool.sources[pool.source], mixture.held_out)
        if allowed is not None:
            read &= allowed[pool.readings].all(1)
        self._near = np.where(read[pool.near], pool.near, -1)
        self._times = pool.times(mixture.times)
        self._items = {kind: items for kind in mixture.shares if len(items := self._readable(kind, read))}
        missing = [kind for kind, share in mixture.shares.items() if share and kind not in self._items]
        if missing:
            raise ValueError(f"nothing is left to read of {', '.join(missing)}: leave it out of the shares")

    def __iter__(self) -> Iterator[tuple[Ints, Ints]]:
        shares = np.array([self._mixture.shares[kind] for kind in self._items])
        rounds = [self._rounds(items) for items in self._items.values()]
        while True:
            counts = self._chance.multinomial(_AT_ONCE, shares / shares.sum())
            drawn = [next(one) for one, count in zip(rounds, counts, strict=True) for _ in range(count)]
            yield from self._batches(np.array(drawn))

    def _readable(self, kind: str, read: NDArray[np.bool_]) -> Ints:
        """Return the items of a kind that may be read and whose source is not excluded by ``times``."""
        items = self._pool.of([kind])
        return items[read[items] & (self._times[items] > 0)]

    def _rounds(self, items: Ints) -> Iterator[int]:
        """Yield items epoch after epoch, shuffled; fractional ``times`` are rounded up or down at random."""
        times = self._times[items]
        while True:
            often = times.astype(int) + (self._chance.random(len(items)) < times % 1)
            yield from self._chance.permutation(np.repeat(items, often))

    def _batches(self, items: Ints) -> Iterator[tuple[Ints, Ints]]:
        """Yield the items in batches of similar length, some with a second passage."""
        own, near = self._forms(items), self._near[items]
        answered = self._pool.label[own] == ANSWERED
        second = (near >= 0) & answered & (self._chance.random(len(items)) < self._mixture.second_passage)
        other = self._forms(near)
        longest = np.where(second, np.maximum(self._length[own], self._length[other]), self._length[own])
        # Random noise, so that items of equal length are not always in the same order.
        order = np.argsort(longest + self._chance.integers(0, 8, len(items)))
        cost = np.cumsum((longest * (1 + second))[order])
        parts = np.split(order, np.searchsorted(cost, np.arange(self._tokens, cost[-1], self._tokens)))
        for number in self._chance.permutation(len(parts)):
            part = parts[number]
            if len(part):
                both = np.flatnonzero(second[part])
                yield np.concatenate([own[part], other[part[both]]]), np.concatenate([np.arange(len(part)), both])

    def _forms(self, items: Ints) -> Ints:
        """Return one reading of each item, at random the original or the packed one."""
        packed = self._chance.random(len(items)) < self._mixture.packed
        found: Ints = self._pool.readings[items, packed.astype(int)]
        return found
