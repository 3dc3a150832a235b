"""Checkpoints of a network's trainable weights and the optimiser's state: atomic writes, and the last two are kept."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch.nn import Module

NEWEST, BEFORE = "checkpoint.safetensors", "before.safetensors"


def save(network: Module, optimiser: torch.optim.Optimizer, folder: Path, step: int) -> None:
    """Write a checkpoint, and keep the previous one."""
    state = optimiser.state_dict()["state"]
    tensors = {f"network.{name}": value for name, value in trained(network).items()}
    tensors |= {f"optimiser.{i}.{name}": value for i, values in state.items() for name, value in values.items()}
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / "checkpoint.part"
    save_file({name: value.contiguous() for name, value in tensors.items()}, written, {"step": json.dumps(step)})
    if (folder / NEWEST).exists():
        (folder / NEWEST).replace(folder / BEFORE)
    written.replace(folder / NEWEST)


def resume(network: Module, optimiser: torch.optim.Optimizer, folder: Path) -> int:
    """Load the last checkpoint into the network and the optimiser; return its step, 0 if there is no checkpoint."""
    found = newest(folder)
    if found is None:
        return 0
    path, step = found
    tensors = load_file(path)
    load(network, path, tensors)
    state = optimiser.state_dict()
    for name, value in tensors.items():
        if name.startswith("optimiser."):
            _, i, key = name.split(".")
            state["state"].setdefault(int(i), {})[key] = value
    optimiser.load_state_dict(state)
    return step


def newest(folder: Path) -> tuple[Path, int] | None:
    """Return the path and the step of the last complete checkpoint of a folder, None if there is none."""
    for name in (NEWEST, BEFORE):
        try:
            with safe_open(folder / name, "pt") as file:
                return folder / name, int(json.loads(file.metadata()["step"]))
        except (FileNotFoundError, SafetensorError):
            continue
    return None


def load(network: Module, path: Path, tensors: dict[str, torch.Tensor] | None = None) -> None:
    """Load a checkpoint's weights into the network; ``tensors`` are those of the file, if it was already read.

    Raises:
        ValueError: the checkpoint is of another network.
    """
    found = tensors if tensors is not None else load_file(path)
    weights = {n.removeprefix("network."): value for n, value in found.items() if n.startswith("network.")}
    unknown = network.load_state_dict(weights, strict=False).unexpected_keys
    missing = trained(network).keys() - weights.keys()
    if unknown or missing:
        raise ValueError(f"{path} is of another network: {', '.join(sorted([*unknown, *missing])[:3])} …")


def trained(network: Module) -> dict[str, torch.Tensor]:
    """Return the trainable weights by name."""
    return {name: one.detach() for name, one in network.named_parameters() if one.requires_grad}
