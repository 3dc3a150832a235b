"""SciFact in BEIR's layout: scientific abstracts, claims, and which abstracts are relevant for which claim."""

from collections import defaultdict
from dataclasses import dataclass

from embeddings.text.article import Article
from evals.data.collection import Folder, json_lines, sample


@dataclass(frozen=True)
class SciFact:
    """The dataset.

    Attributes:
        articles: The abstracts by document id.
        queries: The claims by query id.
        wanted: The relevant documents of each query with their grades: ``{query: {document: grade}}``.
        files: The SHA-256 of every file that was read, by name.
    """

    articles: dict[str, Article]
    queries: dict[str, str]
    wanted: dict[str, dict[str, int]]
    files: dict[str, str]


def abstracts(folder: Folder, size: int | None = None) -> SciFact:
    """Return the test set's abstracts and claims.

    Args:
        folder: The data folder.
        size: Use the relevant abstracts and a fixed sample of the others, of this size together. Retrieval from a
            smaller collection is easier, so its figures are not comparable with published ones.
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
    kept = {row["_id"] for row in sample(others, None if size is None else max(0, size - len(judged)))} | judged
    articles = {
        row["_id"]: Article.create(row["text"], title=row["title"], path=f"scifact/{row['_id']}")
        for row in corpus
        if row["_id"] in kept
    }
    return SciFact(articles, {query: texts[query] for query in sorted(wanted)}, dict(wanted), folder.files)
