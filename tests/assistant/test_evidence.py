from assistant.candidate import candidates
from assistant.evidence import best_span, evidence
from assistant.ranking import read_hits
from assistant.reader.reader import packaged_reader
from embeddings.article import Article
from embeddings.passage import Passage
from embeddings.search import Hit
from embeddings.sentences import sentence_spans

TEXT = (
    "The mill has stood empty for years. The bakery opens at six in the morning. "
    "Its baker is Anna Lind, who came from Malmö."
)


def found() -> Hit:
    article = Article.create(f"Nothing of note.\n\n{TEXT}", title="", path="village")
    _, *sentences = sentence_spans(article.text)
    start = sentences[0].start
    passage = Passage.create(1, article.id, article.revision, start, len(article.text), sentences=sentences)
    return Hit(passage, article.excerpt(passage.span), 1.0, {"dense": 1, "bm25": 1, "fused": 1}, 0.5, 1.0)


def test_the_sentence_with_the_answer_leads() -> None:
    reader = packaged_reader()
    assert reader is not None
    sentences = candidates(read_hits(reader, "Who is the baker?", [found()]))
    signals = evidence(sentences)
    assert max(range(3), key=lambda i: signals[i]["span_lead"]) == 2
    assert len({one["best_holds"] for one in signals}) == 1
    span = best_span(sentences[2])
    assert span is not None
    assert sentences[2].hit.excerpt.cut(span[0]) == "Anna Lind"


def test_what_was_not_read_gives_no_evidence() -> None:
    sentences = candidates([found()])
    assert evidence(sentences) == [{}] * len(sentences)
    assert best_span(sentences[0]) is None
