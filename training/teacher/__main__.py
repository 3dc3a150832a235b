"""``python -m training.teacher``: trains and evaluates the teacher, and writes its logits.

``assistant reader install`` downloads the base model. ``train`` and ``score`` resume where they were interrupted.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from training import checkpoints
from training.pool import teacher_logits
from training.pool.config import PoolConfig
from training.pool.objective import answer_loss
from training.pool.training_setup import TrainingSetup
from training.run_setup import logger
from training.teacher import weights
from training.training_loop import train as run
from training.work_folder import WORK

app = typer.Typer(add_completion=False)
Where = Annotated[Path, typer.Option(help="Folder of checkpoints, log and trained weights.")]
Settings = Annotated[Path, typer.Option(help="Configuration.")]
Seconds = Annotated[float | None, typer.Option(help="Time for it; without it, as much as it needs.")]
TEACHER, CONFIG = WORK / "teacher", Path(__file__).parent / "config.toml"
STUDENTS = CONFIG.parents[1] / "distil" / CONFIG.name
NAME = "teacher.safetensors"


@app.command()
def train(folder: Where = TEACHER, config: Settings = CONFIG, seconds: Seconds = None) -> None:
    """Train the teacher, from its last checkpoint if there is one; on a GPU if there is one."""
    settings = PoolConfig.load(config)
    setup = TrainingSetup(settings)
    network = weights.network(weights.start(), settings.run.dropout).to(setup.device)
    run(
        network,
        setup.tensors,
        setup.stream(),
        lambda scores, batch: answer_loss(scores, batch, settings.run.holds_weight),
        settings.run,
        folder=folder,
        log=logger(folder / "log.jsonl"),
        seconds=seconds,
    )
    weights.save(network, folder / NAME)
    Console().print(f"The teacher is in {folder / NAME}. Next: python -m training.teacher score")


@app.command()
def score(
    folder: Where = TEACHER,
    config: Annotated[Path, typer.Option(help="The student's configuration.")] = STUDENTS,
    seconds: Seconds = None,
) -> None:
    """Write the teacher's logits for everything that a student reads; existing files are kept."""
    setup = TrainingSetup(PoolConfig.load(config))
    network = weights.load(folder / NAME).to(setup.device)
    number = teacher_logits.write(
        network, setup.tensors, setup.pool, config=setup.config, folder=folder / "logits", seconds=seconds
    )
    Console().print(f"{number} of {teacher_logits.PARTS} parts are scored. Next: python -m training.distil train")


@app.command()
def measure(
    folder: Where = TEACHER,
    config: Settings = CONFIG,
    checkpoint: Annotated[bool, typer.Option(help="The last checkpoint, not the trained weights.")] = False,
) -> None:
    """Print the metrics of the trained teacher on the held-out examples."""
    setup = TrainingSetup(PoolConfig.load(config))
    network = weights.network(weights.start()) if checkpoint else weights.load(folder / NAME)
    if checkpoint:
        checkpoints.load(network, folder / checkpoints.NEWEST)
    for name, figures in setup.figures(network.to(setup.device).eval()).items():
        Console().print(name, {key: round(value, 4) for key, value in figures.items()})


if __name__ == "__main__":
    app()
