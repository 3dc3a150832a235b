"""The stream of examples that the teacher reads: kinds in their shares, each kind's examples once a round."""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from training.data import item
from training.data.item import Item
from training.examples import Example
from training.teacher.config import Mixture


class Stream:
    """An endless and repeatable stream of examples."""

    def __init__(self, folder: Path, mixture: Mixture, seed: int) -> None:
        missing = [kind for kind in mixture.shares if not (folder / f"{kind}.jsonl").is_file()]
        if missing:
            raise FileNotFoundError(f"{folder} has no {', '.join(missing)}: run `python -m training.data make` first")
        self._mixture = mixture
        self._seed = seed
        self._items: Mapping[str, Sequence[Item]] = {
            kind: [one for one in item.read(folder / f"{kind}.jsonl") if one.file not in mixture.held_out]
            for kind in mixture.shares
        }
        if empty := [kind for kind, share in mixture.shares.items() if share and not self._items[kind]]:
            raise ValueError(f"nothing is left to read of {', '.join(empty)}: leave it out of the shares")
        # Passages near the one that answers, by question.
        self._near = {
            (one.file, one.example.question): one.example.readings[0] for one in self._items.get("neighbour", ())
        }

    def __iter__(self) -> Iterator[Example]:
        chance = random.Random(f"{self._seed} kinds")  # noqa: S311  repeatable is what it has to be
        kinds, shares = zip(*self._mixture.shares.items(), strict=True)
        rounds = {kind: self._rounds(kind) for kind in kinds}
        while True:
            (kind,) = chance.choices(kinds, shares)
            one = next(rounds[kind])
            example, near = one.example, self._near.get((one.file, one.example.question))
            if near and one.kind == "asked" and one.answerable and chance.random() < self._mixture.second_passage:
                readings = [*example.readings, near]
                chance.shuffle(readings)
                example = Example(example.question, tuple(readings))
            yield example

    def _rounds(self, kind: str) -> Iterator[Item]:
        number = 0
        while True:
            chance = random.Random(f"{self._seed} {kind} {number}")  # noqa: S311  as above
            order = list[int]()
            for i, one in enumerate(self._items[kind]):
                times = self._mixture.times.get(one.file, 1)
                order += [i] * (int(times) + (chance.random() < times % 1))
            chance.shuffle(order)
            for i in order:
                yield self._items[kind][i]
            number += 1
