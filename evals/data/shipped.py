"""The shipped datasets: questions on the seed article, and on exact names and numbers in invented articles."""

import hashlib
from datetime import date
from pathlib import Path

from embeddings.text.article import Article
from evals.data.collection import SEEDS, SHIPPED, Collection, EvalQuestion, Folder, json_lines
from evals.errors import DataMissing
from evals.metrics.spans import Region

SEED_FILE = "000_074b9eef5278ddf8.txt"


def seed_file() -> Path:
    """Return the path of the seed article.

    Raises:
        DataMissing: The program was installed without the repository's ``seeds``.
    """
    path = SEEDS / SEED_FILE
    if not path.is_file():
        raise DataMissing(
            "The seed article is not on this machine.",
            expected=f"seeds/{SEED_FILE} beside the evals",
            got=f"nothing at {path}",
            hint="Run from a clone of the repository.",
        )
    return path


def seed_body() -> tuple[str, list[str]]:
    """Return the seed article's body and its header's lines, parsed independently of the code that is measured."""
    header, _, body = seed_file().read_text(encoding="utf-8").replace("\r\n", "\n").partition("\n\n")
    return body.strip("\n"), header.split("\n")


def seed_questions(article_id: str) -> tuple[list[EvalQuestion], dict[str, str]]:
    """Return the questions on the seed article, and the SHA-256 of both files by name."""
    files = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in _seed_paths().items()}
    questions = [
        EvalQuestion(
            id=row["id"],
            text=row["question"],
            answerable=row["answerable"],
            answers=tuple(row["short_answers"]),
            gold=tuple(Region(article_id, span["start"], span["end"]) for span in row["spans"]),
            kind=row["kind"],
        )
        for row in json_lines(SHIPPED / "seed.jsonl")
    ]
    return questions, files


def exact() -> Collection:
    """Return invented articles, and questions each of which depends on one name or number among many similar ones."""
    folder = Folder(SHIPPED)
    articles: dict[str, Article] = {}
    for row in json_lines(folder.file("exact_articles.jsonl", "The shipped articles of exact names and numbers")):
        published = date.fromisoformat(row["published"]) if "published" in row else None
        articles[row["id"]] = Article.create(
            row["text"], title=row["title"], path=f"exact/{row['id']}", published=published
        )
    questions = []
    for row in json_lines(folder.file("exact.jsonl", "The shipped questions on exact names and numbers")):
        article = articles[row["article"]]
        start = article.text.index(row["quote"])
        questions.append(
            EvalQuestion(
                id=row["id"],
                text=row["question"],
                answerable=True,
                answers=tuple(row["short_answers"]),
                gold=(Region(article.id, start, start + len(row["quote"])),),
            )
        )
    return Collection(tuple(articles.values()), tuple(questions), folder.files)


def twins() -> Collection:
    """Return passages about two things of one kind, each with a question that it answers and one that it does not."""
    folder = Folder(SHIPPED)
    articles, questions = [], []
    for row in json_lines(folder.file("twins.jsonl", "The shipped passages about two things")):
        article = Article.create(row["text"], title=row["title"], path=f"twins/{row['id']}")
        articles.append(article)
        for kind in ("answered", "not_answered"):
            answers = (row["answer"],) if kind == "answered" else ()
            questions.append(
                EvalQuestion(
                    id=f"{row['id']}-{kind}",
                    text=row[kind],
                    answerable=bool(answers),
                    answers=answers,
                    article=article.id,
                    kind=kind,
                )
            )
    return Collection(tuple(articles), tuple(questions), folder.files)


def _seed_paths() -> dict[str, Path]:
    return {f"seeds/{SEED_FILE}": seed_file(), "evals/datasets/seed.jsonl": SHIPPED / "seed.jsonl"}
