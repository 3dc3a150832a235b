"""SciFact in BEIR's layout: scientific abstracts, claims, and which abstracts judge which claim."""

from collections import defaultdict
from dataclasses import dataclass

from embeddings.text.article import Article
from evals.data.collection import Folder, json_lines, sample


@dataclass(frozen=True)
class SciFact:
    """``articles`` by document id, claims by query id, and ``{query: {document: grade}}``."""

    articles: dict[str, Article]
    queries: dict[str, str]
    wanted: dict[str, dict[str, int]]
    files: dict[str, str]


def abstracts(folder: Folder, most: int | None = None) -> SciFact:
    """The test set's abstracts and claims.

    With ``most``, every judged abstract, and a fixed sample of the others up to that many. A smaller
    collection is an easier one: figures on a sample do not compare with published ones.
    """
    what = "SciFact (BEIR layout)"
    corpus = list(json_lines(folder.file("scifact/corpus.jsonl.gz", what)))
    texts = {row["_id"]: row["text"] for row in json_lines(folder.file("scifact/queries.jsonl.gz", what))}
    wanted: dict[str, dict[str, int]] = defaultdict(dict)
    rows = folder.file("scifact/qrels_test.tsv", what).read_text(encoding="utf-8").splitlines()[1:]
    for query, document, grade in (row.split("\t") for row in rows):
        wanted[query][document] = int(grade)
    judged = {document for documents in wanted.values() for document in documents}
    others = [row for row in corpus if row["_id"] not in judged]
    kept = {row["_id"] for row in sample(others, None if most is None else max(0, most - len(judged)))} | judged
    articles = {
        row["_id"]: Article.create(row["text"], title=row["title"], path=f"scifact/{row['_id']}")
        for row in corpus
        if row["_id"] in kept
    }
    return SciFact(articles, {query: texts[query] for query in sorted(wanted)}, dict(wanted), folder.files)
