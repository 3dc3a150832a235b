"""An example with where it came from, as a line of JSON."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from training.examples import Example, Reading


@dataclass(frozen=True)
class Item:
    """An example; ``kind`` is how it was made, ``file`` what it was made from."""

    kind: str
    file: str
    example: Example

    @property
    def answerable(self) -> bool:
        """Whether a passage of it holds an answer."""
        return any(reading.spans for reading in self.example.readings)


def item(kind: str, file: str, question: str, passage: str, spans: Iterable[tuple[int, int]] = ()) -> Item:
    """An example of one passage without a heading."""
    return Item(kind, file, Example(question, (Reading("", passage, tuple(spans)),)))


def write(items: Iterable[Item], path: Path) -> None:
    """Write a file of items at once: it is there whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as lines:
        for one in items:
            lines.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
    part.replace(path)


def read(path: Path) -> Iterator[Item]:
    """The items of a file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            values = json.loads(line)
            readings = tuple(
                Reading(one["heading"], one["passage"], tuple((start, end) for start, end in one["spans"]))
                for one in values["example"]["readings"]
            )
            yield Item(values["kind"], values["file"], Example(values["example"]["question"], readings))
