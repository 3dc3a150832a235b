"""`python -m evals.news`: answers to 60 questions over 320 news articles, judged one by one by hand.

The questions and their gold answers are in ``evals/datasets/news.jsonl``, written before the first run. The answers go
to ``evals/results/news.jsonl``, by their checksums, because the articles' sentences are not ours to publish. Whoever
reads them writes the ``verdict`` of each: ``right``, ``partly``, ``wrong``, or ``silent``, which is right where the
articles do not say. A verdict is kept as long as the answer stays the same. Answers without one are printed, and the
counts by kind.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from rich.console import Console

from assistant import Assistant, Settings
from embeddings.errors import ArticleAssistantError
from evals.data.collection import Folder
from evals.data.reuters import reuters_articles

FIRST, LAST = 12_000, 12_320  # of the collection's articles that have a text
HERE = Path(__file__).parent
QUESTIONS, ANSWERS = HERE / "datasets" / "news.jsonl", HERE / "results" / "news.jsonl"

Row = dict[str, object]


def main() -> int:
    """Ask every question, write the answers, print the counts, and return the exit code."""
    try:
        articles = list(reuters_articles(Folder.from_environment(), FIRST, LAST))
    except ArticleAssistantError as error:
        Console(stderr=True).print(str(error))
        return 1
    judged = {(row["id"], row["sha256"]): row["verdict"] for row in _rows(ANSWERS)} if ANSWERS.exists() else {}
    out = Console(soft_wrap=True, highlight=False)
    with tempfile.TemporaryDirectory() as folder, Assistant.open(settings=Settings(library=Path(folder))) as assistant:
        for _ in assistant.library.add(articles):
            pass
        rows = []
        for row in _rows(QUESTIONS):
            answer = assistant.ask(str(row["question"]))
            row["short_answer"] = answer.short_answer
            row["sha256"] = sha256((answer.answer or "").encode()).hexdigest()
            row["verdict"] = judged.get((row["id"], row["sha256"]), "")
            rows.append(row)
            if not row["verdict"]:
                out.print(
                    f"{row['id']}: {row['question']}\n  wanted: {row['gold']}\n  told: {answer.answer}\n", markup=False
                )
    ANSWERS.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    for kind in dict.fromkeys(row["kind"] for row in rows):
        counts = Counter(str(row["verdict"] or "not judged") for row in rows if row["kind"] == kind)
        out.print(f"{kind}: " + ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common()))
    return 0


def _rows(path: Path) -> Iterator[Row]:
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    sys.exit(main())
