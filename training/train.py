"""Training loop over a number of steps: AdamW, regular evaluation, and checkpoints to resume from."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor
from torch.nn import Module
from torch.nn.functional import pad

from assistant.reading.network import Scores
from training import checkpoints
from training.batches import Batch, Batches
from training.config import Optimiser
from training.examples import Example
from training.loss import Wanted, loss

READINGS = 8  # per batch, so that there is little padding; a step has several batches

Log = Callable[[dict[str, float]], None]
N = TypeVar("N", bound=Module)
Objective = Callable[[N, Sequence[Example]], Tensor]


def rate(step: int, steps: int, warmup: float, cooling: float = 1.0) -> float:
    """Return the learning rate at a step, as a share of the full rate.

    It rises linearly over the first ``warmup`` share of the steps, and falls linearly over the last ``cooling`` share.
    With a short ``cooling`` it is constant in between, so that a run can be extended before the decay begins.
    """
    rising = max(1, round(warmup * steps))
    falling = max(1, min(round(cooling * steps), steps - rising))
    return min((step + 1) / rising, (steps - step) / falling, 1.0)


@dataclass(frozen=True)
class Pace:
    """The intervals of evaluation, in steps, and of checkpoints, in minutes; each evaluation writes one too."""

    measure: int = 200
    minutes: float = 12


def train(
    network: N,
    settings: Optimiser,
    stream: Iterator[Example],
    objective: Objective[N],
    folder: Path,
    *,
    seed: int,
    measure: Callable[[N], dict[str, float]],
    log: Log,
    pace: Pace = Pace(),
) -> None:
    """Train the network in place, from the last checkpoint in ``folder`` if there is one."""
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=settings.rate, betas=(0.9, 0.98), weight_decay=settings.decay, fused=True)
    first = checkpoints.resume(network, optimiser, folder)
    stream = islice(stream, first * settings.questions, None)
    torch.manual_seed(seed + first)
    network.train()
    started, saved, recent = time.monotonic(), time.monotonic(), 0.0
    for step in range(first, settings.steps):
        for group in optimiser.param_groups:
            group["lr"] = settings.rate * rate(step, settings.steps, settings.warmup, settings.cooling)
        value = objective(network, list(islice(stream, settings.questions)))
        value.backward()
        torch.nn.utils.clip_grad_norm_(trained, settings.clip)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        recent = 0.98 * recent + 0.02 * value.item()
        done, last = step + 1 - first, step + 1 == settings.steps
        if (step + 1) % 50 == 0:
            log({"step": step + 1, "loss": recent / (1 - 0.98**done), "seconds": (time.monotonic() - started) / done})
        if (step + 1) % pace.measure == 0 or last or time.monotonic() - saved > 60 * pace.minutes:
            checkpoints.save(network, optimiser, folder, step + 1)
            saved = time.monotonic()
        if (step + 1) % pace.measure == 0 or last:
            network.eval()
            log({"step": step + 1} | measure(network))
            network.train()


def precise(device: torch.device) -> AbstractContextManager[object]:
    """Return an autocast to bfloat16, which is disabled on a CPU without native support for it.

    With native support, training is twice as fast and as good. Emulated bfloat16 was three hundred times slower,
    measured on one matrix product.
    """
    has = torch.cpu.get_capabilities()
    able = device.type != "cpu" or any(has.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=able)


@dataclass(frozen=True)
class Spans:
    """The reader's objective: the spans of all passages of a question, and the answerability of each passage."""

    batches: Batches
    holds_weight: float
    readings: int = READINGS

    def __call__(self, network: Module, examples: Sequence[Example]) -> Tensor:
        """Return the loss of a step."""
        scores, parts, joined = forward(network, self.batches.of(examples, self.readings))
        wanted = Wanted(
            joined([part.inside for part in parts]),
            joined([part.starts for part in parts]),
            joined([part.ends for part in parts]),
            torch.cat([part.owner for part in parts]),
        )
        return loss(scores, wanted, self.holds_weight)


def forward(
    network: Module, batches: Sequence[Batch]
) -> tuple[Scores, list[Batch], Callable[[Sequence[Tensor]], Tensor]]:
    """Run the network on batches.

    Returns:
        The scores of all batches in one, the batches on the network's device, and a function that pads the batches'
        tensors to the same length and concatenates them.
    """
    device = next(network.parameters()).device
    parts = [Batch(*(part.to(device) for part in one)) for one in batches]
    with precise(device):
        scores: list[Scores] = [network(part.ids, part.types, part.attention) for part in parts]
    longest = max(part.ids.shape[1] for part in parts)

    def joined(rows: Sequence[Tensor]) -> Tensor:
        return torch.cat([pad(row, (0, longest - row.shape[1])) for row in rows])

    together = Scores(
        joined([one.start for one in scores]),
        joined([one.end for one in scores]),
        torch.cat([one.has_answer for one in scores]),
    )
    return together, parts, joined
