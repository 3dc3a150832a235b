"""XQuAD: the same paragraphs and questions in several languages, translated by people."""

import json

from embeddings.text.article import Article
from evals.data.collection import Collection, EvalQuestion, Folder
from evals.metrics.spans import Region

LANGUAGES = ("en", "de", "ru", "zh", "ar")


def paragraphs(folder: Folder, language: str) -> Collection:
    """Return the paragraphs in a language, each an article; ids of questions and paths are the same in all."""
    articles, questions = [], []
    path = folder.file(f"xquad/xquad.{language}.json", "XQuAD")
    for page in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in page["paragraphs"]:
            first = paragraph["qas"][0]["id"]  # pages have their titles in English only
            article = Article.create(paragraph["context"], title=first, path=f"xquad/{first}", language=language)
            articles.append(article)
            gold = (Region(article.id, 0, len(article.text)),)
            questions += [EvalQuestion(qa["id"], qa["question"], True, gold=gold) for qa in paragraph["qas"]]
    return Collection(tuple(articles), tuple(questions), folder.files)
