"""``python -m training.data``: generate the training examples, print samples of them, and tokenize them."""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.reading.weights import tokenizer
from embeddings.encoder import load_encoder
from evals.data.collection import Folder
from evals.errors import DataMissing
from training.data import item
from training.data.item import Item
from training.data.kinds import KINDS, WRITTEN, Kinds
from training.data.rows import Row, load
from training.pool.build import Builder, Forms
from training.pool.page_context import PageIndex
from training.wordnet import WordnetFiles
from training.work_folder import WORK

TWINS = 4000  # passages generated from patterns, with up to four questions each

app = typer.Typer(add_completion=False)


@app.command()
def make(
    folder: Annotated[Path, typer.Option(help="Folder to write to.")] = WORK / "examples",
    seed: Annotated[int, typer.Option(help="The same seed makes the same examples.")] = 7,
    wordnet: Annotated[Path, typer.Option(help="Folder of WordNet's files.")] = Path("/usr/share/wordnet"),
    only: Annotated[list[str] | None, typer.Option(help="A kind to make; without it, all.")] = None,
    part: Annotated[int, typer.Option(min=1, help="Only every so-and-so-many-th row, for a look.")] = 1,
) -> None:
    """Generate the examples of each kind, one file per kind; existing files are kept."""
    try:
        rows, kept = load(Folder.from_environment())
        words = WordnetFiles(wordnet)
    except DataMissing as error:
        sys.exit(str(error))
    console = Console()
    folder.mkdir(parents=True, exist_ok=True)
    console.print(f"{len(rows):,} questions to train on, {len(kept):,} held out")
    kinds = Kinds(rows[::part], load_encoder(), words)
    if not (folder / "held_out.jsonl").exists():
        item.write((_held(row) for row in kept), folder / "held_out.jsonl")
    for kind in only or (*KINDS, WRITTEN):
        path = folder / f"{kind}.jsonl"
        if not path.exists():
            item.write(_made(kinds, kind, seed, TWINS // part), path)
        _count(path, console)


@app.command()
def show(
    kind: Annotated[str, typer.Argument(help="A kind of examples: a file's name without its ending.")],
    most: Annotated[int, typer.Option(min=1, help="How many.")] = 100,
    folder: Annotated[Path, typer.Option(help="Folder of the examples.")] = WORK / "examples",
    seed: Annotated[int, typer.Option(help="Another seed shows others.")] = 1,
) -> None:
    """Print a random sample of the examples of a kind."""
    found = list(item.read(folder / f"{kind}.jsonl"))
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for number, one in enumerate(_chance(seed, kind).sample(found, min(most, len(found))), 1):
        (reading,) = one.example.readings
        told = " | ".join(dict.fromkeys(reading.passage[start:end] for start, end in reading.spans)) or "NOT TOLD"
        console.print(f"{number}. [{one.kind}, {one.file}] {one.example.question}  →  {told}\n   {reading.passage}\n")


@app.command()
def tokens(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders of examples; without one, all.")] = None,
    out: Annotated[Path, typer.Option(help="File to write.")] = WORK / "pool.npz",
    seed: Annotated[int, typer.Option(help="The same seed makes the same readings.")] = 7,
    part: Annotated[int, typer.Option(min=1, help="Only every so-and-so-many-th example, for a try.")] = 1,
) -> None:
    """Tokenize all examples into one file, the input of the training."""
    try:
        rows, kept = load(Folder.from_environment())
    except DataMissing as error:
        sys.exit(str(error))
    builder = Builder(tokenizer(), PageIndex([*rows, *kept]), Forms(), seed)
    paths = [path for folder in folders or sorted(WORK.glob("examples*")) for path in sorted(folder.glob("*.jsonl"))]
    for number, path in enumerate(paths):
        # Every folder has the same held-out questions, so they are added once.
        if path.stem != "held_out" or path.stem not in {one.stem for one in paths[:number]}:
            builder.add(list(item.read(path))[::part])
    pool = builder.pool()
    pool.save(out)
    Console().print(f"{len(pool.kind):,} examples are in {out}. Next: python -m training.teacher train")


def _made(kinds: Kinds, kind: str, seed: int, twins: int) -> Iterator[Item]:
    """Generate the examples of a kind; ``twins`` is the number of pattern-based passages."""
    if kind == WRITTEN:
        chance = _chance(seed, "twins")
        return (one for _ in range(twins) for one in kinds.written.make(chance))
    of, rows = kinds.of(kind)
    return (one for row in rows for one in of(row, _chance(seed, kind, row.question, row.context)))


def _held(row: Row) -> Item:
    """Return a held-out row as an item."""
    return item.item("held_out", row.file, row.question, row.context, row.spans)


def _chance(*names: object) -> random.Random:
    """Return a random generator seeded with the names."""
    return random.Random(" ".join(str(name) for name in names))  # noqa: S311  it has to be repeatable


def _count(path: Path, console: Console) -> None:
    """Print how many answerable and unanswerable examples a file has."""
    counts = Counter((one.kind, one.answerable) for one in item.read(path))
    for (kind, answerable), count in sorted(counts.items()):
        console.print(f"{kind}: {count:,} {'answerable' if answerable else 'not'}")


if __name__ == "__main__":
    app()
