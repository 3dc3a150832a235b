from pathlib import Path

import numpy as np
import pytest

from benchmarks.prepared import Vectors
from benchmarks.scale import grow, measure, table

SENTENCES = [f"The price of grain number {number} rose by {number} dollars in Rotterdam." for number in range(99)]


def unit_vectors(count: int) -> Vectors:
    vectors = np.random.default_rng(0).standard_normal((count, 384)).astype(np.float32)
    return Vectors(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def test_the_figures_of_a_library_that_grew_are_a_row_each(tmp_path: Path) -> None:
    vectors = unit_vectors(50)
    questions = {f"grain number {number}": vectors.between(number, number + 1)[0] for number in range(5)}
    rows = {}
    for size in (100, 200):
        seconds, added = grow(tmp_path / "library", size, SENTENCES, vectors, questions)
        assert seconds > 0 and added >= 100  # noqa: PT018
        rows[size] = measure(tmp_path / "library", vectors, questions)

    assert [row["recall@10"] for row in rows.values()] == [1, 1]
    assert "| recall@10 | 1.000 | 1.000 |" in table(rows)


def test_prepared_vectors_are_the_same_however_they_are_asked_for() -> None:
    vectors = unit_vectors(50)

    together = vectors.between(0, 300)

    assert np.array_equal(np.concatenate([vectors.between(0, 70), vectors.between(70, 300)]), together)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    assert len(np.unique(together, axis=0)) > 290
