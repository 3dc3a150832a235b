import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import repeat
from pathlib import Path

import pytest
import torch

from assistant.reading.network import Network
from assistant.reading.weights import tokenizer
from training import checkpoints
from training.batches import Batches
from training.config import Config
from training.examples import Example, Reading
from training.train import Pace, Spans, rate, train

TEXT = "The bakery opens at six and the mill at nine."
EXAMPLES = (
    Example("When does the bakery open?", (Reading("", TEXT, ((20, 23),)),)),
    Example("When does the harbour open?", (Reading("", TEXT),)),
)
CONFIG = Config.load(Path(__file__).parents[2] / "training" / "config.toml")


def network() -> Network:
    from transformers import BertConfig, BertModel  # takes seconds to load

    torch.manual_seed(0)
    small = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    small.hidden_dropout_prob = small.attention_probs_dropout_prob = 0.0
    return Network(BertModel(small, add_pooling_layer=False))


def stream() -> Iterator[Example]:
    for pair in repeat(EXAMPLES):
        yield from pair


def trained(folder: Path, steps: int, *, of: int = 8) -> tuple[Network, list[dict[str, float]]]:
    """Train to a step of a run that is ``of`` steps long; the run stops there as if its power had gone."""
    log: list[dict[str, float]] = []
    settings = CONFIG.stages[0].optimiser.model_copy(update={"steps": of, "questions": 2, "rate": 0.01, "warmup": 0.0})
    one = network()
    batches = Batches(tokenizer(), 64, 0)

    def stop(values: dict[str, float]) -> None:
        log.append(values)
        if values["step"] == steps < of:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        train(
            one,
            settings,
            stream(),
            Spans(batches, settings.holds_weight),
            folder,
            seed=CONFIG.seed,
            measure=lambda _: {"measured": 1.0},
            log=stop,
            pace=Pace(measure=4),
        )
    return one, log


def test_a_run_that_was_cut_off_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    whole, _ = trained(tmp_path / "whole", 8)
    trained(tmp_path / "cut", 4)
    resumed, log = trained(tmp_path / "cut", 8)
    assert [values["step"] for values in log] == [8]
    for name, value in whole.state_dict().items():
        assert torch.allclose(value, resumed.state_dict()[name], atol=1e-5), name


def test_it_learns_what_it_is_shown(tmp_path: Path) -> None:
    one, _ = trained(tmp_path, 60, of=60)
    one.eval()
    (batch,) = Batches(tokenizer(), 64, 0).of(EXAMPLES, 2)
    with torch.inference_mode():
        scores = one(batch.ids, batch.types, batch.attention)
    answerable, unanswerable = (scores.start[batch.owner == i][0].max().item() for i in (0, 1))
    assert answerable > 0 > unanswerable


@pytest.mark.parametrize(("step", "share"), [(0, 0.1), (9, 1.0), (99, 1 / 90)])
def test_the_rate_rises_and_falls_in_a_line(step: int, share: float) -> None:
    assert rate(step, 100, 0.1) == pytest.approx(share)


def test_with_a_short_cooling_the_rate_stays_until_then() -> None:
    assert [rate(step, 100, 0.1, 0.2) for step in (50, 79)] == [1.0, 1.0]
    assert rate(90, 100, 0.1, 0.2) == pytest.approx(0.5)


def test_of_a_checkpoint_that_is_torn_the_one_before_it_is_taken(tmp_path: Path) -> None:
    trained(tmp_path, 8)
    assert checkpoints.newest(tmp_path) == (tmp_path / checkpoints.NEWEST, 8)
    (tmp_path / checkpoints.NEWEST).write_bytes(b"torn")
    assert checkpoints.newest(tmp_path) == (tmp_path / checkpoints.BEFORE, 4)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    trained(tmp_path, 4)
    with pytest.raises(ValueError, match="another network"):
        checkpoints.load(torch.nn.Linear(2, 2), tmp_path / checkpoints.NEWEST)


def test_word_embeddings_stay_as_they_are(tmp_path: Path) -> None:
    one, _ = trained(tmp_path, 8)
    assert torch.equal(one.bert.embeddings.word_embeddings.weight, network().bert.embeddings.word_embeddings.weight)


def test_the_configuration_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    values = CONFIG.model_dump() | {"speed": 11}
    with pytest.raises(ValueError, match="speed"):
        Config.model_validate_json(json.dumps(values))
