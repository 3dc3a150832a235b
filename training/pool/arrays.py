"""All examples as flat token arrays, so that batches can be assembled on the training device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.reading.tokens import CLS, MAX_TOKENS, SEP

UNLABELLED, NOT_ANSWERED, ANSWERED = -1, 0, 1

Ints = NDArray[np.integer]


@dataclass(frozen=True)
class Pool:
    """Flat arrays of three levels: texts, readings (a question with one passage), and items (one example each).

    ``tokens`` is the concatenation of all texts; text ``i`` is ``tokens[texts[i]:texts[i + 1]]``.

    A reading has the text numbers ``question`` and ``heading``, a ``label`` (``UNLABELLED``, ``NOT_ANSWERED`` or
    ``ANSWERED``), its passage as ``pieces`` (rows of text number, first token, number of tokens), and its accepted
    answers as ``spans`` (rows of first and last token in the passage). The rows of reading ``i`` are
    ``pieces[pieces_at[i]:pieces_at[i + 1]]``, and likewise for ``spans``.

    An item has in ``readings`` two versions of the same example: the original passage, and the passage packed with
    adjacent paragraphs as in a library. ``near`` is the number of an item whose passage may be read as a second,
    non-answering one, or -1. ``kind`` and ``source`` are indexes into ``kinds`` and ``sources``.
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
        """Write all arrays to one file, atomically."""
        part = path.with_suffix(".part.npz")
        np.savez(part, **{one.name: getattr(self, one.name) for one in fields(self)})
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Pool":
        """Return the pool of a file that :meth:`save` wrote.

        Raises:
            FileNotFoundError: there is no such file.
        """
        with np.load(path) as file:
            return cls(**{one.name: file[one.name] for one in fields(cls)})

    def of(self, kinds: Sequence[str]) -> Ints:
        """Return the numbers of the items of some kinds."""
        return np.flatnonzero(np.isin(self.kind, np.flatnonzero(np.isin(self.kinds, kinds))))

    def times(self, times: Mapping[str, float]) -> NDArray[np.float64]:
        """Return how often each item is read per epoch, by its source; 1 for sources that ``times`` does not name."""
        return np.array([times.get(str(name), 1.0) for name in self.sources])[self.source]


@dataclass(frozen=True)
class Sequences:
    """Input sequences of all readings, concatenated: ``[CLS] question [SEP] heading passage [SEP]``.

    Reading ``i`` is ``ids[start[i]:start[i] + length[i]]``; ``asked`` is the offset of its heading, ``first`` that of
    its passage. ``starts`` and ``ends`` (n, answers) are offsets of the accepted answers' first and last tokens, padded
    with -1.
    """

    ids: NDArray[np.uint16]
    start: NDArray[np.int64]
    length: NDArray[np.int32]
    asked: NDArray[np.int32]
    first: NDArray[np.int32]
    starts: NDArray[np.int16]
    ends: NDArray[np.int16]


def sequences(pool: Pool, most: int = 8) -> Sequences:
    """Return the input sequences of all readings, with at most the first ``most`` accepted answers of each."""
    size = np.diff(pool.texts)
    passage = np.add.reduceat(np.append(pool.pieces[:, 2], 0), pool.pieces_at[:-1])
    asked = (size[pool.question] + 2).astype(np.int32)
    first = (asked + size[pool.heading]).astype(np.int32)
    length = np.minimum(first + passage + 1, MAX_TOKENS).astype(np.int32)
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
    """Copy ranges of the pool's tokens, given by start and size, to offsets in ``ids``."""
    inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    ids[np.repeat(places, sizes) + inside] = pool.tokens[np.repeat(sources, sizes) + inside]
