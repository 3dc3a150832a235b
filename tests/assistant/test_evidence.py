from assistant.candidate import candidates
from assistant.evidence import best_span, evidence
from assistant.ranking import read_hits
from assistant.reader.reader import packaged_reader
from embeddings.article import Article
from embeddings.library import Hit
from embeddings.passage import Passage

TEXT = (
    "The mill has stood empty for years. The bakery opens at six in the morning. "
    "Its baker is Anna Lind, who came from Malmö."
)


def found() -> Hit:
    article = Article.create(f"Nothing of note.\n\n{TEXT}", title="", path="village")
    start = article.text.index(TEXT)
    passage = Passage.create(1, article.id, article.revision, start, len(article.text))
    return Hit(passage, article, 1.0, {"dense": 1, "bm25": 1, "fused": 1}, 0.5, 1.0)


def test_the_sentence_with_the_answer_leads() -> None:
    reader = packaged_reader()
    assert reader is not None
    sentences = candidates(read_hits(reader, "Who is the baker?", [found()]))
    signals = evidence(sentences)
    assert max(range(3), key=lambda i: signals[i]["span_lead"]) == 2
    assert len({one["best_holds"] for one in signals}) == 1
    span = best_span(sentences[2])
    assert span is not None
    assert span[0].cut(sentences[2].article.text) == "Anna Lind"


def test_what_was_not_read_gives_no_evidence() -> None:
    sentences = candidates([found()])
    assert evidence(sentences) == [{}] * len(sentences)
    assert best_span(sentences[0]) is None
