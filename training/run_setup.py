"""What every training run sets up: the precision of its device, and its log."""

import json
from pathlib import Path

import torch
from rich.console import Console

from training.training_loop import Log


def precision() -> torch.dtype:
    """Return bfloat16 if the hardware supports it, else float32: emulated bfloat16 is far slower on a CPU."""
    has = torch.cpu.get_capabilities()
    able = torch.cuda.is_available() or any(has.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return torch.bfloat16 if able else torch.float32


def logger(path: Path) -> Log:
    """Return a function that prints metrics and appends them to a file of JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    console = Console()

    def log(values: dict[str, float]) -> None:
        rounded = {name: round(value, 4) for name, value in values.items()}
        console.print(rounded)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(rounded) + "\n")

    return log
