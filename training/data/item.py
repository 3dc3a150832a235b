"""Training examples with their origin, stored as JSON lines."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from training.examples import Example, Reading


@dataclass(frozen=True)
class Item:
    """An example with its origin: ``kind`` is the method that made it, ``file`` the source file."""

    kind: str
    file: str
    example: Example

    @property
    def answerable(self) -> bool:
        """True if at least one passage has an accepted answer."""
        return any(reading.spans for reading in self.example.readings)


def item(kind: str, file: str, question: str, passage: str, spans: Iterable[tuple[int, int]] = ()) -> Item:
    """Return an item with one passage and no heading; without ``spans`` it is unanswerable."""
    return Item(kind, file, Example(question, (Reading("", passage, tuple(spans)),)))


def write(items: Iterable[Item], path: Path) -> None:
    """Write items to a file atomically: the file is complete or does not exist."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as lines:
        for one in items:
            lines.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
    part.replace(path)


def read(path: Path) -> Iterator[Item]:
    """Yield the items of a file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            values = json.loads(line)
            readings = tuple(
                Reading(one["heading"], one["passage"], tuple((start, end) for start, end in one["spans"]))
                for one in values["example"]["readings"]
            )
            yield Item(values["kind"], values["file"], Example(values["example"]["question"], readings))
