from benchmarks.backends import Found, report


def found(dense: list[int], bm25: list[int], cited: int) -> Found:
    return Found({"dense": dense, "bm25": bm25, "fused": dense}, ["relevant"], [("article", 0, cited)], 0.1)


def test_each_difference_is_attributed_to_the_search_in_which_it_begins() -> None:
    own = {"same": found([1, 2], [2], 9), "bm25": found([1, 2], [2], 9), "dense": found([1, 2], [2], 9)}
    milvus = {"same": found([1, 2], [2], 9), "bm25": found([1, 2], [1], 9), "dense": found([2, 1], [1], 8)}
    lines = list(report(own, milvus, {id_: {"relevant": 1} for id_ in own}))
    assert "the first 10 by dense are the same: 67% of 3 questions" in lines
    assert "citations are the same: 67%; 3 answers have some" in lines
    assert "  bm25: the BM25 ranks differ (lengths or statistics of words); the same citations" in lines
    assert any(line.startswith("  dense: the dense ranks differ") and "other citations" in line for line in lines)
    assert lines[-1].startswith("Milvus: nDCG@10 1.0000")
