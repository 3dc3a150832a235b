from assistant.answering.candidate_sentences import candidate_sentences
from assistant.answering.reader_features import best_span, reader_features
from assistant.reading.reader import small_reader
from assistant.reading.reranker import read_hits
from embeddings.retrieval.search import Hit
from embeddings.text.article import Article
from embeddings.text.passage import StoredPassage
from embeddings.text.sentences import sentence_spans

TEXT = (
    "The mill has stood empty for years. The bakery opens at six in the morning. "
    "Its baker is Anna Lind, who came from Malmö."
)


def hit() -> Hit:
    article = Article.create(f"Nothing of note.\n\n{TEXT}", title="", path="village")
    _, *sentences = sentence_spans(article.text)
    start = sentences[0].start
    passage = StoredPassage.create(1, article.id, article.revision, start, len(article.text), sentences=sentences)
    return Hit(passage, article.excerpt(passage.span), 1.0, {"dense": 1, "bm25": 1, "fused": 1}, 0.5, 1.0)


def test_the_sentence_with_the_answer_has_the_best_span() -> None:
    reader = small_reader()
    assert reader is not None
    sentences = candidate_sentences(read_hits(reader, "Who is the baker?", [hit()]))
    features = reader_features(sentences)
    assert max(range(3), key=lambda i: features[i]["span_lead"]) == 2
    assert len({one["best_holds"] for one in features}) == 1
    span = best_span(sentences[2])
    assert span is not None
    assert sentences[2].hit.excerpt.cut(span[0]) == "Anna Lind"


def test_sentences_that_were_not_read_have_no_reader_features() -> None:
    sentences = candidate_sentences([hit()])
    assert reader_features(sentences) == [{}] * len(sentences)
    assert best_span(sentences[0]) is None
