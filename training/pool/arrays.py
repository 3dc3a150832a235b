"""All examples as flat arrays of tokens, so that batches are cut on the device that trains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CLS, SEP = 101, 102  # of the uncased BERT vocabulary
LONGEST = 512
UNLABELLED, NOT_ANSWERED, ANSWERED = -1, 0, 1

Ints = NDArray[np.integer]


@dataclass(frozen=True)
class Pool:
    """Texts, readings of passages with a question, and items, which are a question with one passage or more.

    ``tokens`` are those of all texts one after the other; text ``i`` is ``tokens[texts[i]:texts[i + 1]]``.

    A reading has the texts ``question`` and ``heading``, ``pieces`` (rows of text, first token, number of tokens) that
    make its passage, and ``spans`` (rows of first and last token in the passage) that answer; ``pieces_at`` and
    ``spans_at`` say where its rows begin.

    An item has two readings that say the same, as it stands and as a library would hold it, and in ``near`` an item
    whose passage may be read beside it, or -1. ``kind`` and ``source`` are how and of what file it was made.
    """

    tokens: Ints
    texts: Ints
    question: Ints
    heading: Ints
    pieces: Ints
    pieces_at: Ints
    spans: Ints
    spans_at: Ints
    label: Ints
    readings: Ints
    near: Ints
    kind: Ints
    source: Ints
    kinds: NDArray[np.str_]
    sources: NDArray[np.str_]

    def save(self, path: Path) -> None:
        """Write all arrays into one file."""
        part = path.with_suffix(".part.npz")
        np.savez(part, **{one.name: getattr(self, one.name) for one in fields(self)})
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Pool":
        """Read what :meth:`save` wrote.

        Raises:
            FileNotFoundError: it is not there.
        """
        with np.load(path) as file:
            return cls(**{one.name: file[one.name] for one in fields(cls)})

    def of(self, kinds: Sequence[str]) -> Ints:
        """The items of some kinds."""
        return np.flatnonzero(np.isin(self.kind, np.flatnonzero(np.isin(self.kinds, kinds))))

    def times(self, times: Mapping[str, float]) -> NDArray[np.float64]:
        """How often each item is read in a round, by its file; once where nothing is said."""
        return np.array([times.get(str(name), 1.0) for name in self.sources])[self.source]


@dataclass(frozen=True)
class Sequences:
    """Readings as the network reads them: ``[CLS] question [SEP] heading passage [SEP]``, one after the other.

    Reading ``i`` is ``ids[start[i]:start[i] + length[i]]``; ``asked`` of its tokens come before the heading, ``first``
    before the passage. ``starts`` and ``ends`` are places of accepted answers in it, filled up with -1.
    """

    ids: NDArray[np.uint16]
    start: NDArray[np.int64]
    length: NDArray[np.int32]
    asked: NDArray[np.int32]
    first: NDArray[np.int32]
    starts: NDArray[np.int16]
    ends: NDArray[np.int16]


def sequences(pool: Pool, most: int = 8) -> Sequences:
    """Put the texts of every reading together; of more than ``most`` accepted answers the first ones are kept."""
    size = np.diff(pool.texts)
    passage = np.add.reduceat(np.append(pool.pieces[:, 2], 0), pool.pieces_at[:-1])
    asked = (size[pool.question] + 2).astype(np.int32)
    first = (asked + size[pool.heading]).astype(np.int32)
    length = np.minimum(first + passage + 1, LONGEST).astype(np.int32)
    start = np.concatenate([[0], np.cumsum(length.astype(np.int64))])
    ids = np.full(start[-1], SEP, np.uint16)
    ids[start[:-1]] = CLS
    _copy(pool, ids, pool.texts[pool.question], size[pool.question], start[:-1] + 1)
    _copy(pool, ids, pool.texts[pool.heading], size[pool.heading], start[:-1] + asked)
    owner = np.repeat(np.arange(len(length)), np.diff(pool.pieces_at))
    number = pool.pieces[:, 2].astype(np.int64)
    before = np.cumsum(number) - number
    before -= before[pool.pieces_at[:-1]][owner]
    number = np.clip(length[owner] - 1 - first[owner] - before, 0, number)
    _copy(pool, ids, pool.texts[pool.pieces[:, 0]] + pool.pieces[:, 1], number, start[owner] + first[owner] + before)
    starts, ends = (np.full((len(length), most), -1, np.int16) for _ in range(2))
    counts = np.minimum(np.diff(pool.spans_at), most)
    for i in np.flatnonzero(counts):
        rows = pool.spans[pool.spans_at[i] : pool.spans_at[i] + counts[i]] + first[i]
        rows = rows[rows[:, 1] < length[i] - 1]
        starts[i, : len(rows)], ends[i, : len(rows)] = rows.T
    return Sequences(ids, start[:-1], length, asked, first, starts, ends)


def _copy(pool: Pool, ids: Ints, sources: Ints, sizes: Ints, places: Ints) -> None:
    """Copy stretches of the tokens to places in ``ids``."""
    inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    ids[np.repeat(places, sizes) + inside] = pool.tokens[np.repeat(sources, sizes) + inside]
