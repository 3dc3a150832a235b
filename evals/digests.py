"""`python -m evals.digests`: ROUGE of the digests, beside that of each article's first sentences."""

import sys
import tempfile
from pathlib import Path

import numpy as np
from rich.console import Console

from assistant import Article, Assistant, Filters, Settings
from embeddings.errors import ArticleAssistantError
from embeddings.text.sentences import sentence_spans
from evals.data.collection import Folder
from evals.data.summaries import SummarisedText, summarised_texts
from evals.metrics.intervals import mean_interval
from evals.metrics.rouge import rouge

MEASURES = ("rouge1", "rouge2", "rougeL")


def main() -> int:
    """Print the figures and return the exit code."""
    try:
        texts = summarised_texts(Folder.from_environment())
    except ArticleAssistantError as error:
        Console(stderr=True).print(str(error))
        return 1
    with tempfile.TemporaryDirectory() as folder:
        digests = make_digests(texts, Path(folder))
    leads = [_lead(one.text, len(digest)) for one, digest in zip(texts, digests, strict=True)]
    out = Console(soft_wrap=True, highlight=False)
    out.print(
        f"{len(texts)} articles of CNN and DailyMail, {sum(len(one.summaries) for one in texts)} summaries of systems"
    )
    for name, made in (("digest", digests), ("first sentences", leads)):
        scores = np.array([_scores(" ".join(one), text) for one, text in zip(made, texts, strict=True)])
        columns = [mean_interval(column) for column in scores.T.tolist()]
        figures = (f"{m} {v:.3f} ({low:.3f}-{high:.3f})" for m, (v, low, high) in zip(MEASURES, columns, strict=True))
        out.print(f"{name:16}", *figures)
    return 0


def make_digests(texts: list[SummarisedText], folder: Path) -> list[list[str]]:
    """Return the sentences of the digest of each article, by the assistant over a library of all of them."""
    with Assistant.open(settings=Settings(library=folder)) as assistant:
        articles = [Article.create(one.text, title="Article") for one in texts]
        for _ in assistant.library.add(articles):
            pass
        answers = [
            assistant.ask("What is this article about?", filters=Filters(article_ids=(one.id,))) for one in articles
        ]
        return [[sentence.text for sentence in answer.sentences] for answer in answers]


def _lead(text: str, count: int) -> list[str]:
    return [span.cut(text) for span in sentence_spans(text)[:count]]


def _scores(summary: str, text: SummarisedText) -> list[float]:
    """Return the mean of each measure over the article's summaries."""
    scores = [rouge(summary, reference) for reference in text.summaries]
    return [float(np.mean([one[measure] for one in scores])) for measure in MEASURES]


if __name__ == "__main__":
    sys.exit(main())
