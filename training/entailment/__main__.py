"""``python -m training.entailment``: trains the careful checker, scores all pairs with it, and trains the small one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.console import Console
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.encoder import TransformerEncoder
from training.entailment.arrays import PairArrays, PairTensors
from training.entailment.config import CONFIG, EntailmentConfig, EntailmentRun
from training.entailment.network import EntailmentNetwork
from training.entailment.objective import ClassLoss
from training.entailment.stream import batches, rounds
from training.quantised import difference
from training.run_setup import logger, precision
from training.shapes import MINILM, MPNET
from training.training_loop import train as run
from training.work_folder import WORK

app = typer.Typer(add_completion=False)
FOLDER = WORK / "entailment"
_SHAPES = {"careful": MPNET, "small": MINILM}
_FROZEN = {"careful": ("words", "places", "embedded", "relative"), "small": ("words",)}  # beside its lowest layers
_FEW = 4  # rows; matrices of fewer keep their precision
# The word embeddings of the small network are those of this package.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
Which = Annotated[str, typer.Argument(help="careful or small")]


@app.command()
def start(
    which: Which,
    out: Annotated[Path, typer.Argument(help="File to write.")],
    *,
    further: Annotated[bool, typer.Option("--further", help="Start from the checker that ships.")] = False,
) -> None:
    """Write the weights that training starts from: the careful or the small reader's without their heads."""
    # Imported here because where the checkers are trained these packages may be missing.
    from assistant.grounding import checker_network
    from assistant.reading import careful_weights
    from assistant.reading.weights import WEIGHTS_FILE, revision
    from training.distil.__main__ import student
    from training.teacher import weights

    reader = weights.load(careful_weights.WEIGHTS_FILE) if which == "careful" else student(load_file(WEIGHTS_FILE))
    heads = ("span.", "holds.")
    state = {name: value for name, value in reader.named_weights().items() if not name.startswith(heads)}
    if further:
        network = checker_network.careful_network() if which == "careful" else checker_network.small_network()
        state = dict(network.state_dict())
    files = {"careful": careful_weights.WEIGHTS_FILE, "small": WEIGHTS_FILE}
    save_file(state, out, {"starts_from": revision(files[which])})


@app.command()
def train(
    which: Which,
    *,
    start: Annotated[Path, typer.Option(help="Weights to start from, with the word embeddings.")],
    folder: Annotated[Path, typer.Option(help="Folder of pairs, checkpoints, logs and weights.")] = FOLDER,
    config_file: Annotated[Path, typer.Option("--config", help="Configuration.")] = CONFIG,
    teacher: Annotated[Path | None, typer.Option(help="Logits to learn from, that `score` wrote.")] = None,
    seconds: Annotated[float | None, typer.Option(help="Time for it; without it, as much as it needs.")] = None,
) -> None:
    """Train a checker, from its last checkpoint if there is one; on a GPU if there is one."""
    config = EntailmentConfig.load(config_file)
    settings = config.runs[which]
    arrays, tensors = _pairs(folder)
    torch.manual_seed(config.seed)
    times = config.times_of(map(str, arrays.kinds))
    network = _network(which, load_file(start), settings).to(tensors.device)
    logits = torch.from_numpy(np.load(teacher)).float().to(tensors.device) if teacher else None
    run(
        network,
        tensors,
        lambda first: rounds(arrays, tensors.length, times, settings.tokens, (config.seed, first)),
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
    weights: Annotated[Path | None, typer.Option(help="Weights to score by, as `ship` wrote them.")] = None,
    folder: Annotated[Path, typer.Option(help="Folder of pairs and weights.")] = FOLDER,
) -> None:
    """Write the logits of all pairs by the trained weights, or by the careful one's that ship."""
    from assistant.reading.quantised import add  # here, because where training runs that package may not

    arrays, tensors = _pairs(folder)
    state = add(load_file(start), load_file(weights or folder / which / "weights.safetensors"))
    network = _network(which, {name: value.float() for name, value in state.items()}).to(tensors.device)
    _score(network, arrays, tensors, folder / which / "logits.npy")


@app.command()
def ship(
    which: Which,
    out: Annotated[Path, typer.Argument(help="File to write, which the assistant reads.")],
    start: Annotated[Path | None, typer.Option(help="Weights that the careful one started from.")] = None,
    mean: Annotated[Path | None, typer.Option(help="Weights; their mean with the trained ones is written.")] = None,
    folder: Annotated[Path, typer.Option(help="Folder of pairs and weights.")] = FOLDER,
) -> None:
    """Write a checker's weights: the small one's in eight bits, the careful one's as their difference in four bits."""
    out.parent.mkdir(parents=True, exist_ok=True)
    trained = load_file(folder / which / "weights.safetensors")
    if mean is not None:
        other = load_file(mean)
        trained = {name: ((value.float() + other[name].float()) / 2).half() for name, value in trained.items()}
    if start is not None:
        before = {name: value.half() for name, value in load_file(start).items()}
        with safe_open(start, "pt") as file:
            starts_from = file.metadata()["starts_from"]
        changed = difference(before, trained)
        save_file(changed, out, {"starts_from": starts_from, "format": "pt"})
        return
    found = dict[str, Tensor]()
    for name, value in trained.items():
        if value.ndim < 2 or len(value) < _FEW:
            found[name] = value.half()
            continue
        step = (value.float().abs().amax(1) / 127).clamp(min=1e-8)
        found[name] = (value.float() / step[:, None]).round().to(torch.int8)
        found[f"{name}.scale"] = step
    save_file(found, out, {"starts_from": MINILM_SHA256, "format": "pt"})


def _pairs(folder: Path) -> tuple[PairArrays, PairTensors]:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    arrays = PairArrays.load(folder / "pairs.npz")
    return arrays, PairTensors(arrays, device)


def _network(which: str, state: Mapping[str, Tensor], run: EntailmentRun | None = None) -> EntailmentNetwork:
    """Return a network with the given weights; without a run it is not trained."""
    frozen = (*_FROZEN[which], *(f"layers.{i}" for i in range(run.frozen_layers if run else 0)))
    network = EntailmentNetwork(TransformerEncoder(_SHAPES[which], run.dropout if run else 0.0, precision()), frozen)
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
