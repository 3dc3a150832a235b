"""Training loop limited by readings or seconds: AdamW, with checkpoints to resume from."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training import checkpoints

if TYPE_CHECKING:
    from training.entailment.config import EntailmentRun
    from training.pool.config import RunConfig

Ints = NDArray[np.integer[Any]]
Batch_co = TypeVar("Batch_co", covariant=True)
Log = Callable[[dict[str, float]], None]
_LOGGED, _SAVED = 10, 600  # seconds between log entries, and between checkpoints


class BatchSource(Protocol[Batch_co]):
    """Input sequences on a device, from which batches are taken."""

    device: torch.device

    def batch(self, readings: Ints, owner: Ints | None = None) -> Batch_co:
        """Return a batch of readings."""


@dataclass
class Progress:
    """The progress of a run: by its readings, or by the time since it started or resumed, whichever is further."""

    run: "RunConfig | EntailmentRun"
    seconds: float | None
    first: int
    started: float

    def share(self, readings: int) -> float:
        """Return the progress: 0 at the start of the run, 1 or more at its end."""
        done, begun = readings / self.run.readings, self.first / self.run.readings
        if self.seconds is None:
            return done
        return max(done, begun + (1 - begun) * (time.monotonic() - self.started) / self.seconds)

    def rate(self, share: float) -> float:
        """Return the learning rate at a progress of ``share``."""
        return self.run.rate * max(0.0, min((share + 1e-3) / self.run.warmup, (1 - share) / (1 - self.run.warmup), 1.0))


def train(
    network: nn.Module,
    tensors: BatchSource[Any],
    stream: Callable[[int], Iterable[tuple[Ints, Ints]]],
    objective: Callable[[Any, Any], Tensor],
    run: "RunConfig | EntailmentRun",
    *,
    folder: Path,
    log: Log,
    seconds: float | None = None,
) -> None:
    """Train the network in place, from the last checkpoint in ``folder`` if there is one.

    ``stream`` takes the number of readings that are already done and returns the batches that follow.
    """
    trained = [one for one in network.parameters() if one.requires_grad]
    fused = tensors.device.type == "cuda"
    optimiser = torch.optim.AdamW(trained, lr=run.rate, betas=(0.9, 0.98), weight_decay=run.decay, fused=fused)
    first = checkpoints.resume(network, optimiser, folder)
    network.train()
    started = logged = saved = time.monotonic()
    progress, readings, steps = Progress(run, seconds, first, started), first, 0
    total, summed = torch.zeros((), device=tensors.device), 0
    for some, owner in stream(first):
        share = progress.share(readings)
        if share >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = progress.rate(share)
        batch = tensors.batch(some, owner)
        value = objective(network(batch), batch)
        value.backward()
        torch.nn.utils.clip_grad_norm_(trained, run.clip)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        total, summed, readings, steps = total + value.detach(), summed + 1, readings + len(some), steps + 1
        if time.monotonic() - logged > _LOGGED:
            logged, each = time.monotonic(), total.item() / summed
            log({"readings": readings, "steps": steps, "loss": each, "seconds": logged - started})
            total, summed = torch.zeros_like(total), 0
        if time.monotonic() - saved > _SAVED:
            checkpoints.save(network, optimiser, folder, readings)
            saved = time.monotonic()
    if steps:
        checkpoints.save(network, optimiser, folder, readings)
    network.eval()
