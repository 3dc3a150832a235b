from assistant.answering.answer_check import check_features
from assistant.answering.candidate_sentences import candidate_sentences
from assistant.grounding.entailment import Checker
from assistant.reading.reader import small_reader
from assistant.reading.reranker import read_hits
from embeddings.retrieval.search import Hit
from embeddings.text.article import Article
from embeddings.text.passage import StoredPassage
from embeddings.text.sentences import sentence_spans

TEXT = "Mona Vik owns 7 boats and lives on an island of 41 people."


def supported(question: str) -> float:
    """How far the small checker finds that the sentence supports what the small reader reads in it."""
    article = Article.create(TEXT, title="", path="island")
    passage = StoredPassage.create(1, article.id, article.revision, 0, len(TEXT), sentences=sentence_spans(TEXT))
    hit = Hit(passage, article.excerpt(passage.span), 1.0, {"dense": 1, "bm25": 1, "fused": 1}, 0.5, 1.0)
    reader = small_reader()
    assert reader is not None
    (sentence,) = candidate_sentences(read_hits(reader, question, [hit]))
    return check_features(question, sentence, Checker.choose("small"))["supported"]


def test_what_the_sentence_says_is_supported_more_than_what_it_says_of_another_thing() -> None:
    assert supported("How many boats does Mona Vik own?") > supported("How many horses does Mona Vik own?")
    assert supported("How many people live on the island?") > supported("How many people work on the island?")
