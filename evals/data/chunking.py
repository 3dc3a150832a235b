"""The chunking_evaluation dataset: five long documents, and questions with the exact excerpts that answer them."""

import csv
import json

from embeddings.text.article import Article
from evals.data.collection import Collection, EvalQuestion, Folder
from evals.metrics.spans import Region

DOCUMENTS = ("chatlogs", "finance", "pubmed", "state_of_the_union", "wikitexts")


def documents(folder: Folder) -> Collection:
    """Return the documents as articles, and their questions, whose gold spans are all needed for the answer."""
    what = "chunking_evaluation"
    articles = {}
    for name in DOCUMENTS:
        with folder.file(f"chunking_eval/{name}.md", what).open(encoding="utf-8", newline="") as file:
            text = file.read()
        articles[name] = Article.create(text, title=name.replace("_", " "), path=f"chunking_eval/{name}")
        if articles[name].text != text:
            raise ValueError(f"the offsets of {name} would not hold: its line ends are not \\n")
    questions = []
    with folder.file("chunking_eval/questions_df.csv", what).open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 1):
            article = articles[row["corpus_id"]]
            excerpts = json.loads(row["references"])
            questions.append(
                EvalQuestion(
                    id=f"chunking-{number:03}",
                    text=row["question"],
                    answerable=True,
                    gold=tuple(Region(article.id, e["start_index"], e["end_index"]) for e in excerpts),
                    kind=row["corpus_id"],
                )
            )
    return Collection(tuple(articles.values()), tuple(questions), folder.files)
