"""Weights restored from quantised ones: whole matrices in eight bits, and differences from them in four bits."""

from collections.abc import Mapping

import torch
from torch import Tensor

STEP = 0.06  # of a row's standard deviation: coarse enough for eight bits, and fine enough to start training from


def coarse(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return matrices quantised to eight bits, with a scale for each row; other tensors in full precision."""
    found = dict[str, Tensor]()
    for name, value in state.items():
        if value.ndim != 2:
            found[name] = value.float().contiguous()
            continue
        scale = (STEP * value.float().std(1)).clamp(min=1e-8)
        found[name] = (value.float() / scale[:, None]).round().clamp(-127, 127).to(torch.int8).contiguous()
        found[f"{name}.scale"] = scale
    return found


def restore(found: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return full-precision tensors from the result of :func:`coarse`."""
    return {
        name: value.float() * found[f"{name}.scale"][:, None] if f"{name}.scale" in found else value
        for name, value in found.items()
        if not name.endswith(".scale")
    }


def add(start: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the starting weights with the changes from :func:`training.quantised.difference` applied."""
    state = dict(start)
    for name, value in found.items():
        if f"{name}.scale" in found:
            levels = torch.stack([value & 15, value >> 4], 2).flatten(1).float() - 8
            state[name] = start[name].float() + levels * found[f"{name}.scale"].float()[:, None]
        elif not name.endswith(".scale"):
            state[name] = value.float()
    return state
