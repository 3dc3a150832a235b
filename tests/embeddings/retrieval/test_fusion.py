import json

import numpy as np
import pytest

from embeddings.retrieval.fusion import WEIGHT_FILE, fuse

CHOSEN = json.loads(WEIGHT_FILE.read_bytes())


def test_the_weight_is_the_best_of_those_measured() -> None:
    by_weight = {float(weight): mrr for weight, mrr in CHOSEN["mrr_by_weight"].items()}
    assert CHOSEN["bm25_weight"] == max(by_weight, key=by_weight.__getitem__)


def test_the_best_bm25_score_adds_the_weight_and_the_others_a_share_of_it() -> None:
    cosine, bm25 = np.array([0.5, 0.4, 0.3]), np.array([0.0, 2.0, 8.0])
    weight = CHOSEN["bm25_weight"]
    assert fuse(cosine, bm25) == pytest.approx([0.5, 0.4 + weight / 4, 0.3 + weight])
    assert fuse(cosine, bm25, 2.0) == pytest.approx([0.5, 0.4 + 0.5, 0.3 + 2.0])


def test_words_count_the_less_the_less_of_the_query_the_best_passage_has() -> None:
    cosine, bm25 = np.array([0.5, 0.4]), np.array([2.0, 8.0])
    assert fuse(cosine, bm25, 1.0, reachable=16) == pytest.approx([0.5 + 1 / 4, 0.4 + 1])  # it has half of it
    assert fuse(cosine, bm25, 1.0, reachable=32) == pytest.approx([0.5 + 1 / 16, 0.4 + 1 / 4])


def test_without_a_common_term_the_fused_score_is_the_cosine() -> None:
    assert fuse(np.array([0.5, 0.4]), np.zeros(2)).tolist() == [0.5, 0.4]
    assert fuse(np.empty(0), np.empty(0)).tolist() == []
