"""Reuters-21578: 19,043 news agency articles of 1987."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from embeddings.text.article import Article
from evals.data.collection import Folder, json_lines

FILE = "reuters21578.jsonl.gz"


def reuters_articles(folder: Folder, start: int, end: int) -> Iterator[Article]:
    """Yield the articles that have a text, from index ``start`` to ``end``, exclusive.

    Raises:
        DataMissing: the collection is not in the folder.
    """
    rows = (row for row in json_lines(folder.file(FILE, "Reuters-21578")) if (row["body"] or "").strip())
    for row in islice(rows, start, end):
        day = datetime.strptime(row["date"].split()[0], "%d-%b-%Y").date()
        yield Article.create(row["body"], title=row["title"], path=row["id"], source="Reuters", published=day)
