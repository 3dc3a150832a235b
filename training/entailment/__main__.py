"""``python -m training.entailment``: trains the careful checker, scores all pairs with it, and trains the small one."""

from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.console import Console
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.encoder import TransformerEncoder
from training.entailment.arrays import PairArrays, PairTensors
from training.entailment.config import EntailmentConfig
from training.entailment.network import EntailmentNetwork
from training.entailment.objective import ClassLoss
from training.entailment.stream import batches, rounds
from training.run_setup import logger, precision
from training.shapes import MINILM, MPNET
from training.training_loop import train as run
from training.work_folder import WORK

app = typer.Typer(add_completion=False)
FOLDER, CONFIG = WORK / "entailment", Path(__file__).parent / "config.toml"
_SHAPES = {"careful": MPNET, "small": MINILM}
_FROZEN = {"careful": ("words", "places", "embedded", "relative"), "small": ("words",)}
_FEW = 4  # rows; matrices of fewer keep their precision
# The word embeddings of the small network are those of this package.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
Which = Annotated[str, typer.Argument(help="careful or small")]


@app.command()
def start(which: Which, out: Annotated[Path, typer.Argument(help="File to write.")]) -> None:
    """Write the weights that training starts from: the reader's teacher, or the reader, without their heads."""
    # Imported here because where the checkers are trained these packages may be missing.
    from assistant.reading.weights import WEIGHTS_FILE
    from training.distil.__main__ import student
    from training.teacher import weights
    from training.teacher.__main__ import NAME

    reader = (
        weights.load(Path(weights.__file__).parent / NAME) if which == "careful" else student(load_file(WEIGHTS_FILE))
    )
    heads = ("span.", "holds.")
    save_file({name: value for name, value in reader.named_weights().items() if not name.startswith(heads)}, out)


@app.command()
def train(
    which: Which,
    start: Annotated[Path, typer.Option(help="Weights to start from, with the word embeddings.")],
    folder: Annotated[Path, typer.Option(help="Folder of pairs, checkpoints, logs and weights.")] = FOLDER,
    teacher: Annotated[Path | None, typer.Option(help="Logits to learn from, that `score` wrote.")] = None,
    seconds: Annotated[float | None, typer.Option(help="Time for it; without it, as much as it needs.")] = None,
) -> None:
    """Train a checker, from its last checkpoint if there is one; on a GPU if there is one."""
    config = EntailmentConfig.load(CONFIG)
    settings = config.runs[which]
    arrays, tensors = _pairs(folder)
    torch.manual_seed(config.seed)
    network = _network(which, load_file(start), settings.dropout).to(tensors.device)
    logits = torch.from_numpy(np.load(teacher)).float().to(tensors.device) if teacher else None
    run(
        network,
        tensors,
        lambda first: rounds(arrays, tensors.length, config.times, settings.tokens, (config.seed, first)),
        ClassLoss(logits, config.teacher_weight if teacher else 0.0),
        settings,
        folder=folder / which,
        log=logger(folder / which / "log.jsonl"),
        seconds=seconds,
    )
    weights = {name: value.cpu().half() for name, value in network.named_weights().items()}
    words = f"{_SHAPES[which].prefix}embeddings.word_embeddings.weight"
    save_file({name: value for name, value in weights.items() if name != words}, folder / which / "weights.safetensors")
    _score(network, arrays, tensors, folder / which / "logits.npy")


@app.command()
def score(
    which: Which,
    start: Annotated[Path, typer.Option(help="Weights that training started from, with the word embeddings.")],
    folder: Annotated[Path, typer.Option(help="Folder of pairs and weights.")] = FOLDER,
) -> None:
    """Write the logits of all pairs by the trained weights."""
    arrays, tensors = _pairs(folder)
    state = load_file(start) | load_file(folder / which / "weights.safetensors")
    network = _network(which, {name: value.float() for name, value in state.items()}).to(tensors.device)
    _score(network, arrays, tensors, folder / which / "logits.npy")


@app.command()
def ship(
    out: Annotated[Path, typer.Argument(help="File to write, which the assistant reads.")],
    folder: Annotated[Path, typer.Option(help="Folder of pairs and weights.")] = FOLDER,
) -> None:
    """Write the small checker's weights in eight bits, a step for each row of a matrix."""
    found = dict[str, Tensor]()
    for name, value in load_file(folder / "small" / "weights.safetensors").items():
        if value.ndim < 2 or len(value) < _FEW:
            found[name] = value.half()
            continue
        step = (value.float().abs().amax(1) / 127).clamp(min=1e-8)
        found[name] = (value.float() / step[:, None]).round().to(torch.int8)
        found[f"{name}.scale"] = step
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file(found, out, {"starts_from": MINILM_SHA256, "format": "pt"})


def _pairs(folder: Path) -> tuple[PairArrays, PairTensors]:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    arrays = PairArrays.load(folder / "pairs.npz")
    return arrays, PairTensors(arrays, device)


def _network(which: str, state: dict[str, Tensor], dropout: float = 0.0) -> EntailmentNetwork:
    network = EntailmentNetwork(TransformerEncoder(_SHAPES[which], dropout, precision()), _FROZEN[which])
    network.load_named({name: value.float() for name, value in state.items()})
    return network


@torch.inference_mode()
def _score(network: EntailmentNetwork, arrays: PairArrays, tensors: PairTensors, path: Path) -> None:
    """Write the logits of all pairs (pairs, 3), and print the accuracy of held-out pairs by kind."""
    network.eval()
    found = np.zeros((len(arrays.kind), 3), np.float16)
    for some in batches(np.argsort(tensors.length, kind="stable"), tensors.length, 120_000):
        found[some] = network(tensors.batch(some)).float().cpu().numpy()
    np.save(path, found)
    best = found.argmax(1)
    for number, kind in enumerate(arrays.kinds):
        among = arrays.held & (arrays.kind == number) & (arrays.classes != 7)
        if among.any():
            right = (arrays.classes[among] >> best[among]) & 1
            Console().print(f"{kind}: {right.mean():.3f} of {among.sum():,}, supported {(best[among] == 0).mean():.3f}")


if __name__ == "__main__":
    app()
