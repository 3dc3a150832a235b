"""Rows of ``reading/``: a question, its passage and the accepted spans. NewsQA, and SQuAD's questions reworded."""

from typing import Any

from embeddings.text.article import Article
from evals.data import squad
from evals.data.collection import Collection, EvalQuestion, Folder, json_lines
from evals.metrics.reading import normalise
from evals.metrics.spans import Region

NEWS = "reading/newsqa_measure.jsonl.gz"
REWORDED = "reading/squad_dev_paraphrased_measure.jsonl.gz"


def newsqa(folder: Folder) -> Collection:
    """Return NewsQA's CNN articles, which have no headline, and the questions about them."""
    articles: dict[str, Article] = {}
    questions = []
    for row in json_lines(folder.file(NEWS, "NewsQA's questions about CNN articles")):
        article = articles.setdefault(row["context"], Article.create(row["context"], title="CNN"))
        questions.append(_question(row, article))
    return Collection(tuple(articles.values()), tuple(questions), folder.files)


def reworded(folder: Folder) -> tuple[Collection, list[EvalQuestion]]:
    """Return SQuAD's paragraphs and questions of which there is another wording, and these in the same order.

    A question's own wording is that of its paragraph with the same answers that shares the most words with it.
    """
    paragraphs = squad.paragraphs(folder)
    by_text = {article.text: article for article in paragraphs.articles}
    found, others = [], []
    for row in json_lines(folder.file(REWORDED, "SQuAD's questions reworded")):
        article = by_text.get(row["context"])
        other = _question(row, article) if article else None
        own = [one for one in paragraphs.questions if other and one.article == other.article and one.gold == other.gold]
        if other and own:
            found.append(max(own, key=lambda one: _shared_words(one.text, other.text)))
            others.append(other)
    return Collection(paragraphs.articles, tuple(found), folder.files), others


def _question(row: dict[str, Any], article: Article) -> EvalQuestion:
    spans = {(answer["start"], answer["start"] + len(answer["text"])) for answer in row["answers"]}
    return EvalQuestion(
        id=str(row["id"]),
        text=row["question"].strip(),
        answerable=row["answerable"],
        answers=tuple(answer["text"].rstrip(",") for answer in row["answers"]),
        gold=tuple(Region(article.id, start, end) for start, end in sorted(spans)),
        article=article.id,
    )


def _shared_words(one: str, other: str) -> float:
    a, b = set(normalise(one).split()), set(normalise(other).split())
    return len(a & b) / max(1, len(a | b))
