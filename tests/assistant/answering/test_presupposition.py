import math

import pytest

from assistant.answering.candidate_sentences import candidate_sentences
from assistant.answering.features import ParsedQuestion
from assistant.answering.presupposition import presupposition_features
from assistant.reading.logistic import Features
from embeddings.retrieval.search import Hit
from embeddings.text.article import Article
from embeddings.text.passage import StoredPassage
from embeddings.text.sentences import sentence_spans

TEXT = "The mill opened in 1904. It did not survive the war of 1939. The bakery gained a second oven."


def features(question: str) -> list[Features]:
    """The features of the three sentences."""
    article = Article.create(TEXT, title="Lindby", path="village")
    passage = StoredPassage.create(1, article.id, article.revision, 0, len(TEXT), sentences=sentence_spans(TEXT))
    hit = Hit(passage, article.excerpt(passage.span), 1.0, {"dense": 1, "bm25": 1, "fused": 1}, 0.5, 1.0)
    return presupposition_features(ParsedQuestion.parse(question), candidate_sentences([hit]))


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What opened in 1904?", 0),
        ("What opened in 1905?", 1),
        ("Which mill in Lindby opened?", 0),
        ("Which mill in Malmö opened in 1905?", 2),
    ],
)
def test_facts_that_neither_passage_nor_title_has_are_counted(question: str, missing: int) -> None:
    assert [one["facts_missing"] for one in features(question)] == [math.log1p(missing)] * 3


def test_words_that_the_passage_lacks_are_counted() -> None:
    assert features("When was the mill demolished?")[0]["terms_missing"] == math.log1p(1)
    assert features("When did the mills open?")[0]["terms_missing"] == 0.0


def test_a_sentence_that_denies_the_question_is_marked() -> None:
    assert [one["negated"] for one in features("What did survive the war?")] == [0, 1, 0]


def test_a_sentence_with_an_antonym_is_marked() -> None:
    assert [one["opposed"] for one in features("Who suffered the loss of an oven?")] == [0, 0, 1]
