"""CLAPNQ: questions from a search engine, each with a Wikipedia passage and the sentences that support the answer."""

from typing import Any

from embeddings.text.article import Article
from evals.data.collection import Collection, EvalQuestion, Folder, json_lines
from evals.metrics.spans import Region

_WHAT = "CLAPNQ (half of the development set)"


def passages(folder: Folder) -> Collection:
    """Return the distinct passages as articles, and the questions, whose gold spans are what any annotator selected."""
    articles: dict[str, Article] = {}
    questions = []
    for answerable in (True, False):
        name = f"clapnq/{'answerable' if answerable else 'unanswerable'}_half.jsonl.gz"
        for row in json_lines(folder.file(name, _WHAT)):
            passage = row["passages"][0]
            article = Article.create(passage["text"], title=passage["title"])
            articles[article.id] = article
            selected = {sentence for output in row["output"] for sentence in output["selected_sentences"]}
            gold = [r for r in _regions(article, passage) if article.text[r.start : r.end] in selected]
            questions.append(
                EvalQuestion(
                    id=row["id"],
                    text=row["input"],
                    answerable=answerable,
                    gold=tuple(gold),
                    article=article.id,
                )
            )
    return Collection(tuple(articles.values()), tuple(questions), folder.files)


def _regions(article: Article, passage: dict[str, Any]) -> list[Region]:
    """Return the regions of the dataset's sentences, each searched for after the start of the one before."""
    regions, offset = [], 0
    for sentence in passage["sentences"]:
        start = article.text.find(sentence, offset)
        if start >= 0:
            regions.append(Region(article.id, start, start + len(sentence)))
            offset = start + 1
    return regions
