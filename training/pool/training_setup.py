"""Shared setup of the teacher's and the student's commands: pool, batches, held-out metrics and log."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.network import TrainableReader
from training.pool.arrays import Ints, Pool, sequences
from training.pool.config import PoolConfig
from training.pool.measure import measure, sets
from training.pool.stream import Stream
from training.pool.tensors import Tensors
from training.work_folder import WORK

POOL = WORK / "pool.npz"


class TrainingSetup:
    """A pool and a configuration, on a GPU if there is one.

    Raises:
        FileNotFoundError: the pool's file does not exist.
    """

    def __init__(self, config: PoolConfig, path: Path = POOL) -> None:
        if not path.is_file():
            raise FileNotFoundError(f"{path} is not there: run `python -m training.data tokens` first")
        self.config = config
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.pool = Pool.load(path)
        self.tensors = Tensors(sequences(self.pool), self.pool.label, self.device)
        torch.manual_seed(config.seed)

    def stream(self, allowed: NDArray[np.bool_] | None = None) -> Callable[[int], Iterable[tuple[Ints, Ints]]]:
        """Return a function that starts a stream of batches.

        Its argument is the number of readings that were read before; it is part of the seed, so that a resumed run gets
        new batches. Only readings that are ``allowed`` are used.
        """
        mixture, run = self.config.mixture, self.config.run
        return lambda first: Stream(
            self.pool,
            self.tensors.length,
            mixture,
            tokens=run.tokens,
            seed=(self.config.seed, first),
            allowed=allowed,
        )

    def figures(self, network: TrainableReader) -> dict[str, dict[str, float]]:
        """Return the metrics of a network by held-out set."""
        found = sets(self.pool, self.config.mixture.held_out)
        return {name: measure(network, self.tensors, self.pool, readings) for name, readings in found.items()}
