"""Quantisation of what training changed: differences of matrices in four bits."""

from collections.abc import Mapping

import torch
from torch import Tensor

_LEVELS = 7  # the highest level in four bits; the lowest is its negative


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
