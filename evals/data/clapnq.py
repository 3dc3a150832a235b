"""CLAPNQ: real search-engine questions, a Wikipedia passage each, and the sentences a person's long answer rests on."""

from typing import Any

from embeddings.text.article import Article
from evals.data.collection import Collection, EvalQuestion, Folder, json_lines
from evals.metrics.spans import Region

_WHAT = "CLAPNQ (half of the development set)"


def passages(folder: Folder) -> Collection:
    """Each passage once, as an article, and the questions; ``wanted`` holds what any annotator selected."""
    articles: dict[str, Article] = {}
    questions = []
    for answerable in (True, False):
        name = f"clapnq/{'answerable' if answerable else 'unanswerable'}_half.jsonl.gz"
        for row in json_lines(folder.file(name, _WHAT)):
            passage = row["passages"][0]
            article = Article.create(passage["text"], title=passage["title"])
            articles[article.id] = article
            selected = {sentence for output in row["output"] for sentence in output["selected_sentences"]}
            wanted = [r for r in _regions(article, passage) if article.text[r.start : r.end] in selected]
            questions.append(
                EvalQuestion(
                    id=row["id"],
                    text=row["input"],
                    answerable=answerable,
                    wanted=tuple(wanted),
                    article=article.id,
                )
            )
    return Collection(tuple(articles.values()), tuple(questions), folder.files)


def _regions(article: Article, passage: dict[str, Any]) -> list[Region]:
    """Where the data's own sentences stand; each is looked for after the start of the one before."""
    regions, place = [], 0
    for sentence in passage["sentences"]:
        found = article.text.find(sentence, place)
        if found >= 0:
            regions.append(Region(article.id, found, found + len(sentence)))
            place = found + 1
    return regions
