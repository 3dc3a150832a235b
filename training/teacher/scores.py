"""What the teacher says of examples, to learn from: soft spans and doubt, as lines of JSON beside the examples."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn

from training.batches import Layout
from training.data.item import Item
from training.teacher.reading import Said, read_all

KEPT = 12  # tokens of a passage that most likely start, or end, the answer; the others are told together
_AT_ONCE = 64  # examples between two writes, so that a run that was cut off goes on


class Soft(NamedTuple):
    """Of one passage: logits of the likeliest starts and ends by the character there, of all the others, and ``holds``.

    The others' logit is that of their probabilities together.
    """

    starts: dict[int, float]
    ends: dict[int, float]
    other_start: float
    other_end: float
    holds: float


def write(network: nn.Module, tokenizer: Tokenizer, layout: Layout, items: Sequence[Item], path: Path) -> None:
    """Score the items that the file does not have yet; line ``n`` is of item ``n``, a list with one entry a passage."""
    done = sum(1 for _ in _whole(path)) if path.exists() else 0
    with path.open("r+" if path.exists() else "w", encoding="utf-8") as lines:
        # A line that was cut off is written again.
        for _ in range(done):
            lines.readline()
        lines.seek(lines.tell())
        lines.truncate()
        for first in range(done, len(items), _AT_ONCE):
            some = [one.example for one in items[first : first + _AT_ONCE]]
            pairs = [(one.question, reading.passage) for one in some for reading in one.readings]
            said = read_all(network, tokenizer, layout, pairs)
            for one in some:
                lines.write(json.dumps([_soft(next(said)) for _ in one.readings]) + "\n")
            lines.flush()


def read(path: Path) -> Iterator[list[Soft]]:
    """What was written, one list an item."""
    for line in _whole(path):
        yield [
            Soft({int(at): one for at, one in starts.items()}, {int(at): one for at, one in ends.items()}, *rest)
            for starts, ends, *rest in json.loads(line)
        ]


def _soft(said: Said) -> Soft:
    starts, other_start = _likeliest(said.start, [start for start, _ in said.offsets])
    ends, other_end = _likeliest(said.end, [end for _, end in said.offsets])
    return Soft(starts, ends, other_start, other_end, round(said.holds, 3))


def _likeliest(logits: NDArray[np.float32], at: Sequence[int]) -> tuple[dict[int, float], float]:
    order = np.argsort(-logits)
    rest = logits[order[KEPT:]].astype(np.float64)
    other = float(np.logaddexp.reduce(rest)) if len(rest) else -1e4
    return {at[i]: round(float(logits[i]), 3) for i in order[:KEPT]}, round(other, 3)


def _whole(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.endswith("\n"):
                return
            yield line
