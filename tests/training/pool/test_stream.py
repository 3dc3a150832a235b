from itertools import islice

import numpy as np
import pytest

from training.pool.arrays import Pool
from training.pool.config import Mixture
from training.pool.stream import Stream
from training.pool.tensors import Tensors


def mixture(**values: object) -> Mixture:
    return Mixture.model_validate({"second_passage": 0, "packed": 0, "shares": {"asked": 3, "neighbour": 1}} | values)


def stream(pool: Pool, tensors: Tensors, mixed: Mixture, seed: int = 7) -> Stream:
    return Stream(pool, tensors.length, mixed, tokens=500, seed=(seed,))


def read(pool: Pool, tensors: Tensors, mixed: Mixture, batches: int = 40) -> list[int]:
    return [int(one) for some, _ in islice(stream(pool, tensors, mixed), batches) for one in some]


def test_kinds_come_in_their_shares(pool: Pool, tensors: Tensors) -> None:
    found = read(pool, tensors, mixture())
    of_neighbour = pool.readings[pool.of(["neighbour"])[0], 0]
    assert 0.1 < np.mean(np.array(found) == of_neighbour) < 0.4


def test_batches_are_of_their_size_and_the_same_for_the_same_seed(pool: Pool, tensors: Tensors) -> None:
    one, same, other = (
        [some.tolist() for some, _ in islice(stream(pool, tensors, mixture(), seed), 9)] for seed in (7, 7, 8)
    )
    assert one == same != other
    assert all(sum(tensors.length[some]) <= 500 + max(tensors.length[some]) for some in one)


def test_what_is_held_out_is_not_read(pool: Pool, tensors: Tensors) -> None:
    with pytest.raises(ValueError, match="nothing is left to read of cut"):
        stream(pool, tensors, mixture(held_out=["pattern:train"], shares={"cut": 1}))
    with pytest.raises(ValueError, match="nothing is left to read of asked"):
        stream(pool, tensors, mixture(times={"town": 0}, shares={"asked": 1}))


def test_a_passage_that_does_not_answer_is_read_beside_the_one_that_does(pool: Pool, tensors: Tensors) -> None:
    some, owner = next(iter(stream(pool, tensors, mixture(second_passage=1, shares={"asked": 1}))))
    batch = tensors.batch(some, owner)
    answered = {int(one) for one in batch.owner[batch.starts.any(1)]}
    both = [one for one in owner.tolist() if owner.tolist().count(one) == 2]
    assert both
    assert set(both) == answered


def test_packed_readings_come_in_their_share(pool: Pool, tensors: Tensors) -> None:
    found = read(pool, tensors, mixture(packed=1, shares={"asked": 1}))
    assert set(found) <= set(pool.readings[:, 1].tolist())
