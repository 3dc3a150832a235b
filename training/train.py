"""The loop: steps of AdamW, a measure of held-out questions now and then, and a checkpoint to go on from."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn.functional import pad

from assistant.reader.network import Network, Scores
from training.batches import Batch, Batches
from training.config import Optimiser
from training.examples import Example
from training.loss import Wanted, loss

READINGS = 8  # at a time, so that little is padding; a step has several such batches
CHECKPOINT_EVERY = 200  # steps

Log = Callable[[dict[str, float]], None]


def rate(step: int, steps: int, warmup: float) -> float:
    """The share of the full learning rate at a step: up in a line, then down in a line."""
    rising = max(1, round(warmup * steps))
    return min((step + 1) / rising, (steps - step) / max(1, steps - rising))


def train(
    network: Network,
    settings: Optimiser,
    stream: Iterator[Example],
    batches: Batches,
    folder: Path,
    *,
    seed: int,
    measure: Callable[[Network], dict[str, float]],
    log: Log,
    checkpoint_every: int = CHECKPOINT_EVERY,
) -> None:
    """Train in place, from the checkpoint in ``folder`` where there is one."""
    device = next(network.parameters()).device
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=settings.rate, betas=(0.9, 0.98), weight_decay=settings.decay, fused=True)
    first = _resume(network, optimiser, folder)
    stream = islice(stream, first * settings.questions, None)
    torch.manual_seed(seed + first)
    network.train()
    started, recent = time.monotonic(), 0.0
    for step in range(first, settings.steps):
        for group in optimiser.param_groups:
            group["lr"] = settings.rate * rate(step, settings.steps, settings.warmup)
        parts = batches.of(list(islice(stream, settings.questions)), READINGS)
        value = _loss(network, [Batch(*(part.to(device) for part in one)) for one in parts], settings.holds_weight)
        value.backward()
        torch.nn.utils.clip_grad_norm_(trained, settings.clip)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        recent = 0.98 * recent + 0.02 * value.item()
        if (step + 1) % 50 == 0:
            done = step + 1 - first
            log({"step": step + 1, "loss": recent / (1 - 0.98**done), "seconds": (time.monotonic() - started) / done})
        if (step + 1) % checkpoint_every == 0 or step + 1 == settings.steps:
            _checkpoint(network, optimiser, folder, step + 1)
            network.eval()
            log({"step": step + 1} | measure(network))
            network.train()


def precise(device: torch.device) -> AbstractContextManager[object]:
    """Half-length floats where the processor multiplies them: twice as fast, and as good for training.

    A processor that only imitated them was three hundred times slower with them, measured on one product.
    """
    has = torch.cpu.get_capabilities()
    able = device.type != "cpu" or any(has.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=able)


def _loss(network: Network, parts: list[Batch], holds_weight: float) -> Tensor:
    with precise(parts[0].ids.device):
        scores = [network(part.ids, part.types, part.attention) for part in parts]
    longest = max(part.ids.shape[1] for part in parts)

    def joined(rows: list[Tensor]) -> Tensor:
        return torch.cat([pad(row, (0, longest - row.shape[1])) for row in rows])

    together = Scores(
        joined([one.start for one in scores]),
        joined([one.end for one in scores]),
        torch.cat([one.holds for one in scores]),
    )
    wanted = Wanted(
        joined([part.inside for part in parts]),
        joined([part.starts for part in parts]),
        joined([part.ends for part in parts]),
        torch.cat([part.owner for part in parts]),
    )
    return loss(together, wanted, holds_weight)


def _checkpoint(network: Network, optimiser: torch.optim.Optimizer, folder: Path, step: int) -> None:
    state = optimiser.state_dict()["state"]
    tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
    tensors |= {f"optimiser.{i}.{name}": value for i, values in state.items() for name, value in values.items()}
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / "checkpoint.part"
    save_file({name: value.contiguous() for name, value in tensors.items()}, written, {"step": json.dumps(step)})
    written.replace(folder / "checkpoint.safetensors")


def _resume(network: Network, optimiser: torch.optim.Optimizer, folder: Path) -> int:
    """Put the checkpoint's tensors in place; the step that it was made after, 0 without one."""
    from safetensors import safe_open

    path = folder / "checkpoint.safetensors"
    if not path.exists():
        return 0
    with safe_open(path, "pt") as file:
        step = int(json.loads(file.metadata()["step"]))
    tensors = load_file(path)
    network.load_state_dict({n.removeprefix("network."): t for n, t in tensors.items() if n.startswith("network.")})
    state = optimiser.state_dict()
    for name, value in tensors.items():
        if name.startswith("optimiser."):
            _, i, key = name.split(".")
            state["state"].setdefault(int(i), {})[key] = value
    optimiser.load_state_dict(state)
    return step
