"""The teacher's logits of all tokens and readings, computed once and stored in part files."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.network import TrainableReader
from training.pool.arrays import Ints, Pool
from training.pool.config import PoolConfig
from training.pool.measure import batches
from training.pool.tensors import Tensors

PARTS = 16  # files
_TOKENS = {"cuda": 65_536, "cpu": 4096}  # per batch
_ENOUGH = 2.5  # times the readings per epoch: of a source read 0.1 times per epoch, a quarter is scored


class TeacherLogits(NamedTuple):
    """The teacher's logits.

    ``start`` and ``end`` are those of each token of all sequences, ``holds`` the answerability logit of each reading;
    ``read`` is True for the readings that have logits.
    """

    start: Tensor
    end: Tensor
    holds: Tensor
    read: NDArray[np.bool_]


@torch.inference_mode()
def write(
    network: TrainableReader,
    tensors: Tensors,
    pool: Pool,
    *,
    config: PoolConfig,
    folder: Path,
    seconds: float | None = None,
) -> int:
    """Compute and write the missing parts, starting none after ``seconds``; return the number of existing parts."""
    started, most = time.monotonic(), _TOKENS[tensors.device.type]
    folder.mkdir(parents=True, exist_ok=True)
    for number, items in enumerate(np.array_split(_items(pool, config), PARTS)):
        path = folder / f"{number:02}.safetensors"
        if path.exists() or not len(items):
            continue
        if seconds is not None and time.monotonic() - started > seconds:
            break
        found: dict[str, list[Tensor]] = {"readings": [], "start": [], "end": [], "holds": []}
        for some in batches(tensors.length, np.unique(pool.readings[items]), most):
            batch = tensors.batch(some)
            scores = network(batch)
            found["readings"].append(batch.reading.cpu())
            found["start"].append(scores.start[batch.attention].half().cpu())
            found["end"].append(scores.end[batch.attention].half().cpu())
            found["holds"].append(scores.holds.half().cpu())
        part = path.with_suffix(".part")
        save_file({name: torch.cat(values) for name, values in found.items()}, part)
        part.replace(path)
    return len(list(folder.glob("*.safetensors")))


def load(folder: Path, tensors: Tensors) -> TeacherLogits:
    """Return the logits of all parts in a folder, on the tensors' device.

    Raises:
        FileNotFoundError: the folder has no parts.
    """
    paths = sorted(folder.glob("*.safetensors"))
    if not paths:
        raise FileNotFoundError(f"{folder} is empty: run `python -m training.teacher score` first")
    start, end = (torch.zeros(tensors.tokens, dtype=torch.float16, device=tensors.device) for _ in range(2))
    holds = torch.zeros(len(tensors), dtype=torch.float16, device=tensors.device)
    read = np.zeros(len(tensors), bool)
    for path in paths:
        found: Mapping[str, Tensor] = load_file(path, device=str(tensors.device))
        places = tensors.places(found["readings"])
        start[places], end[places] = found["start"], found["end"]
        holds[found["readings"]] = found["holds"]
        read[found["readings"].cpu().numpy()] = True
    return TeacherLogits(start, end, holds, read)


def _items(pool: Pool, config: PoolConfig) -> Ints:
    """Return the items that a student may read, in random order."""
    chance = np.random.default_rng(config.seed)
    items = chance.permutation(pool.of(list(config.mixture.shares)))
    often = np.minimum(1, _ENOUGH * pool.times(config.mixture.times)[items])
    held_out = np.isin(pool.sources[pool.source[items]], config.mixture.held_out)
    found: Ints = items[~held_out & (chance.random(len(items)) < often)]
    return found
