from benchmarks.backends import Asked, Found, explained, quality, report
from embeddings.filters import Filters
from embeddings.retrieval.search import By


def found(dense: list[int], bm25: list[int], cited: int) -> Found:
    ranks: dict[By, list[int]] = {"dense": dense, "bm25": bm25, "fused": dense}
    return Found(ranks, dense, ["relevant"], [("article", 0, cited)], 0.1)


OWN = [found([1, 2], [2], 9), found([1, 2], [2], 9), found([1, 2], [2], 9), found([1, 2], [2], 9)]
MILVUS = [found([1, 2], [2], 9), found([1, 2], [1], 9), found([1, 2], [1], 8), found([2, 1], [2], 9)]
QUESTIONS = [Asked("What?", {"relevant": 1}, Filters())] * 4


def test_other_citations_are_attributed_to_the_search_in_which_they_begin() -> None:
    lines = list(report(OWN, MILVUS, QUESTIONS))
    assert "the first 10 by dense are the same: 75.0% of 4 questions" in lines
    assert "the first 10 by dense with filters are the same: 75.0%" in lines
    assert "citations are the same: 75.0%; 4 answers have some" in lines
    assert lines[-1] == "where other citations begin: {'bm25': 1}"
    assert quality(MILVUS, QUESTIONS).startswith("nDCG@10 1.0000, a fused search 100 ms")


def test_a_ranking_is_explained_by_the_lengths_that_give_it() -> None:
    lines = list(explained({"rounded": [[2]] * 4, "exact": [[1]] * 4}, OWN, MILVUS))
    assert lines == [
        "BM25 computed with rounded ranks the same first 10 as tantivy: 100.0%",
        "BM25 computed with exact ranks the same first 10 as tantivy: 0.0%",
        "BM25 computed with rounded ranks the same first 10 as Milvus: 50.0%",
        "BM25 computed with exact ranks the same first 10 as Milvus: 50.0%",
    ]
