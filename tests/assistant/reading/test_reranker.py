import pytest

from assistant.reading.logistic import Logistic
from assistant.reading.reader import Readers, small_reader
from assistant.reading.reranker import DEPTH, ReadHit, Reranker
from embeddings.retrieval.search import Hit
from embeddings.text.article import Article
from embeddings.text.passage import StoredPassage

ORDER = Logistic(bias=0.0, weights={"fused": 0.1, "cosine": 0.0, "span": 0.1, "holds": 1.0})
QUESTION = "When does the bakery open?"
WRONG = "Opening a bakery takes money, a permit and a good deal of patience."
RIGHT = "The bakery opens at six in the morning."


def hit(text: str, key: int) -> Hit:
    article = Article.create(text, title="", path=str(key))
    passage = StoredPassage.create(key, article.id, article.revision, 0, len(text))
    return Hit(
        passage, article.excerpt(passage.span), 1.5 - key / 10, {"dense": key, "bm25": None, "fused": key}, 0.5, 0.0
    )


HITS = [hit(WRONG, 1), hit(RIGHT, 2), *(hit(f"Page {i} says nothing of it.", i) for i in range(3, 15))]


def test_a_passage_with_the_answer_ranks_before_one_with_the_words() -> None:
    found = Reranker(Readers(small_reader()), ORDER).rerank(QUESTION, HITS, 3)
    assert found[0].passage == HITS[1].passage
    assert found[0].ranks == {"dense": 2, "bm25": None, "fused": 2, "reader": 1}
    assert [isinstance(one, ReadHit) for one in found] == [True] * 3


def test_passages_below_the_depth_keep_their_order() -> None:
    found = Reranker(Readers(small_reader()), ORDER).rerank(QUESTION, HITS, len(HITS))
    assert [one.passage for one in found[DEPTH:]] == [one.passage for one in HITS[DEPTH:]]
    assert {one.passage.key for one in found} == {one.passage.key for one in HITS}


@pytest.mark.parametrize("order", [None, ORDER])
def test_without_a_reader_the_order_of_the_search_stays(order: Logistic | None) -> None:
    assert Reranker(Readers(), order).rerank(QUESTION, HITS, 4) == HITS[:4]


def test_no_hits_give_no_hits() -> None:
    assert Reranker(Readers(small_reader()), ORDER).rerank(QUESTION, [], 8) == []
