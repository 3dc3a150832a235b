"""MTRAG-UN: conversations over passages of four domains, whose last turn may have no answer there."""

from typing import Any

from assistant.request import Message
from embeddings.text.article import Article
from evals.data.collection import Collection, EvalQuestion, Folder, json_lines
from evals.metrics.spans import Region

FILE = "reading/mtragun_measure.jsonl.gz"
_HISTORY = 20  # messages that a request may have
KINDS = ("ANSWERABLE", "UNANSWERABLE")  # others are partly answerable or underspecified, and are skipped


def conversations(folder: Folder) -> tuple[Collection, list[tuple[Message, ...]]]:
    """Return all passages as articles, the last turns as questions, and the turns before each of them.

    Any place of the passages that belong to a turn is a right citation.
    """
    articles: dict[str, Article] = {}
    questions, histories = [], []
    for row in json_lines(folder.file(FILE, "Conversations of MTRAG-UN")):
        own = [_article(context) for context in row.get("contexts", ())]
        articles |= {article.id: article for article in own}
        if row["answerability"][0] in KINDS:
            *before, last = row["input"]
            answerable = row["answerability"][0] == "ANSWERABLE"
            gold = tuple(Region(article.id, 0, len(article.text)) for article in own) if answerable else ()
            questions.append(EvalQuestion(row["task_id"], last["text"].strip(), answerable, gold=gold))
            histories.append(tuple(map(_message, before[-_HISTORY:])))
    return Collection(tuple(articles.values()), tuple(questions), folder.files), histories


def _article(context: dict[str, Any]) -> Article:
    text = context["text"].replace("<br>", "\n").strip()
    return Article.create(text, title="", path=f"mtragun/{context['document_id']}")


def _message(turn: dict[str, Any]) -> Message:
    return Message(role="user" if turn["speaker"] == "user" else "assistant", content=turn["text"])
