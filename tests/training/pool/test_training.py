"""A network of the kind, on a small scale: what it learns, and where it goes on."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from training import checkpoints
from training.network import TrainableReader
from training.pool import teacher_logits
from training.pool.arrays import Ints, Pool
from training.pool.config import Mixture, PoolConfig, RunConfig
from training.pool.measure import measure
from training.pool.objective import DistillationLoss, answer_loss
from training.pool.tensors import Tensors
from training.training_loop import train

RUN = RunConfig(readings=600, tokens=400, rate=0.01, warmup=0.01, decay=0.0, clip=1.0, holds_weight=0.5)


def trained(
    network: TrainableReader, pool: Pool, tensors: Tensors, folder: Path, run: RunConfig = RUN
) -> TrainableReader:
    some = pool.readings[pool.of(["asked", "neighbour"])].ravel()

    def stream(_: int) -> Iterator[tuple[Ints, Ints]]:
        while True:
            yield some, np.arange(len(some))

    train(network, tensors, stream, lambda s, b: answer_loss(s, b, 0.5), run, folder=folder, log=lambda _: None)
    return network


def test_it_learns_where_the_answer_is_and_that_there_is_none(
    network: TrainableReader, pool: Pool, tensors: Tensors, tmp_path: Path
) -> None:
    learned = trained(network, pool, tensors, tmp_path)
    figures = measure(learned, tensors, pool, pool.readings[pool.of(["asked"])].ravel())
    assert figures["exact"] == figures["f1"] == figures["auroc_span"] == figures["auroc_holds"] == 1.0
    assert figures["wrong_at_80"] == 0.0


def test_a_run_that_is_over_is_not_run_again(
    network: TrainableReader, pool: Pool, tensors: Tensors, tmp_path: Path
) -> None:
    before = {name: value.clone() for name, value in trained(network, pool, tensors, tmp_path).state_dict().items()}
    assert checkpoints.newest(tmp_path) == (tmp_path / checkpoints.NEWEST, 600)
    again = trained(network, pool, tensors, tmp_path).state_dict()
    assert all(torch.equal(again[name], value) for name, value in before.items())


def test_it_ends_when_its_time_is_over(network: TrainableReader, pool: Pool, tensors: Tensors, tmp_path: Path) -> None:
    endless = RUN.model_copy(update={"readings": 10**9})
    some = pool.readings[pool.of(["asked"])].ravel()
    batches = iter(lambda: (some, np.arange(len(some))), None)
    train(
        network,
        tensors,
        lambda _: batches,
        lambda s, b: answer_loss(s, b, 0.5),
        endless,
        folder=tmp_path,
        log=lambda _: None,
        seconds=0.3,
    )
    assert checkpoints.newest(tmp_path)


@pytest.fixture
def config() -> PoolConfig:
    shares = {"asked": 1, "neighbour": 1, "unlabelled": 1, "cut": 1}
    mixture = Mixture(second_passage=0, packed=0, held_out=("pattern:train",), shares=shares)
    return PoolConfig(seed=7, teacher_weight=1.0, run=RUN, mixture=mixture)


def test_the_teachers_logits_are_written_for_every_reading_of_the_student(
    network: TrainableReader, pool: Pool, tensors: Tensors, config: PoolConfig, tmp_path: Path
) -> None:
    assert teacher_logits.write(network, tensors, pool, config=config, folder=tmp_path, seconds=-1) == 0
    assert teacher_logits.write(network, tensors, pool, config=config, folder=tmp_path) == 4
    written = teacher_logits.load(tmp_path, tensors)
    assert written.read[pool.readings[pool.of(["asked", "unlabelled"])]].all()
    assert not written.read[pool.readings[pool.of(["cut", "held_out"])]].any()
    batch = tensors.batch(pool.readings[pool.of(["asked"])].ravel())
    scores = network(batch)
    assert torch.allclose(written.start[batch.at][batch.attention].float(), scores.start[batch.attention], atol=0.01)
    assert torch.allclose(written.holds[batch.reading].float(), scores.holds, atol=0.01)


def test_missing_logits_name_the_command_that_writes_them(tensors: Tensors, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"python -m training\.teacher score"):
        teacher_logits.load(tmp_path, tensors)


def test_a_student_with_the_teachers_logits_has_no_gradient(
    network: TrainableReader, pool: Pool, tensors: Tensors, config: PoolConfig, tmp_path: Path
) -> None:
    teacher_logits.write(network, tensors, pool, config=config, folder=tmp_path)
    distillation = DistillationLoss(teacher_logits.load(tmp_path, tensors), 1.0, 0.5)
    batch = tensors.batch(
        pool.readings[pool.of(["asked", "neighbour", "unlabelled"])].ravel(), np.array([0, 0, 1, 1, 2, 2, 2, 2])
    )
    scores = network(batch)
    same = distillation(scores, batch)
    same.backward()
    assert network.span.weight.grad is not None
    assert network.span.weight.grad.abs().max() < 0.02
    torch.nn.init.normal_(network.span.weight)
    assert distillation(network(batch), batch) > same


def test_what_nobody_labelled_teaches_nothing_by_itself(network: TrainableReader, pool: Pool, tensors: Tensors) -> None:
    batch = tensors.batch(pool.readings[pool.of(["unlabelled"])].ravel())
    assert answer_loss(network(batch), batch, 0.5).item() == 0.0
