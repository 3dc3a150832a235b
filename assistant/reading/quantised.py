"""Quantised weights: whole matrices in eight bits, and differences from them in four bits."""

from collections.abc import Mapping

import torch
from torch import Tensor

STEP = 0.06  # of a row's standard deviation: coarse enough for eight bits, and fine enough to start training from
_LEVELS = 7  # the highest level in four bits; the lowest is its negative


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


def difference(start: Mapping[str, Tensor], trained: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return what training changed: a matrix as its difference in four bits, other tensors as their new values.

    Two differences share a byte. A matrix that is new or has an odd number of columns is stored as new values too.
    Tensors that did not change are left out.
    """
    found = dict[str, Tensor]()
    for name, value in trained.items():
        if name in start and torch.equal(start[name], value):
            continue
        if value.ndim != 2 or name not in start or value.shape[1] % 2:
            found[name] = value.half().contiguous()
            continue
        levels, scale = _four(value.float() - start[name].float())
        counted = (levels + 8).to(torch.uint8)
        found[name] = (counted[:, ::2] | counted[:, 1::2] << 4).contiguous()
        found[f"{name}.scale"] = scale.half()
    return found


def add(start: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the starting weights with the changes from :func:`difference` applied."""
    state = dict(start)
    for name, value in found.items():
        if f"{name}.scale" in found:
            levels = torch.stack([value & 15, value >> 4], 2).flatten(1).float() - 8
            state[name] = start[name].float() + levels * found[f"{name}.scale"].float()[:, None]
        elif not name.endswith(".scale"):
            state[name] = value.float()
    return state


def _four(values: Tensor) -> tuple[Tensor, Tensor]:
    """Return the values as integers from -7 to 7, and the scale of each row with the least squared error."""
    most = values.abs().amax(1).clamp(min=1e-12)
    best, scale = torch.full_like(most, torch.inf), most / _LEVELS
    for share in torch.linspace(0.3, 1.0, 15).tolist():
        tried = most * share / _LEVELS
        levels = (values / tried[:, None]).round().clamp(-_LEVELS, _LEVELS)
        lost = (levels * tried[:, None] - values).square().sum(1)
        scale = torch.where(lost < best, tried, scale)
        best = torch.minimum(lost, best)
    return (values / scale[:, None]).round().clamp(-_LEVELS, _LEVELS), scale
