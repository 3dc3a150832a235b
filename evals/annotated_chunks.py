"""`python -m evals.annotated_chunks`: word F1 of what is cited, on the chunks that verbatim-rag's authors annotated.

Each keyword query is asked of its own chunk of a scientific paper. The words of all chunks count together; those of a
chunk in which nothing was marked can only be wrong. The set (KRLabsOrg/verbatim-rag, Apache-2.0) is never tuned on.
"""

import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from assistant import Answer, Article, Assistant, Filters, Settings
from embeddings.errors import ArticleAssistantError
from evals.data.collection import Folder, json_lines

FILE = "acl_verbatim_measure.jsonl.gz"
_WORD = re.compile(r"\w+")


def main() -> int:
    """Print precision, recall and F1 as it comes and with abstention overruled, and return the exit code."""
    try:
        rows = list(json_lines(Folder.from_environment().file(FILE, "The set of annotated chunks")))
    except ArticleAssistantError as error:
        Console(stderr=True).print(str(error))
        return 1
    out = Console(soft_wrap=True, highlight=False)
    wanted = [words_in(row["chunk"], ((span["start"], span["end"]) for span in row["spans"])) for row in rows]
    for name, max_risk in (("as it comes", None), ("abstention overruled", 1.0)):
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(library=Path(folder), max_risk=max_risk)
            cited = ask([(row["query"], row["chunk"]) for row in rows], settings)
        precision, recall, f1 = word_scores(cited, wanted)
        answered = sum(bool(one) for one in cited)
        out.print(
            f"{name:22} answered {answered} of {len(rows)}  precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}"
        )
    return 0


def ask(asked: Iterable[tuple[str, str]], settings: Settings) -> list[set[int]]:
    """Return the numbers of the words that are cited for each pair of a query and a chunk."""
    pairs = [(query, Article.create(chunk, title="", path=str(i))) for i, (query, chunk) in enumerate(asked)]
    with Assistant.open(settings=settings) as assistant:
        added = list(assistant.library.add([article for _, article in pairs]))  # a chunk of several queries once
        answers = [
            assistant.ask(query, filters=Filters(article_ids=(outcome.article_id,)))
            for (query, _), outcome in zip(pairs, added, strict=True)
        ]
    return [_cited(answer, article.text) for answer, (_, article) in zip(answers, pairs, strict=True)]


def words_in(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    """Return the numbers of the words of a text that lie in its spans."""
    spans = list(spans)
    words = enumerate(_WORD.finditer(text))
    return {i for i, word in words if any(start <= word.start() and word.end() <= end for start, end in spans)}


def word_scores(cited: Iterable[set[int]], wanted: Iterable[set[int]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the words of all texts together."""
    counts = [(len(one & other), len(one), len(other)) for one, other in zip(cited, wanted, strict=True)]
    both, found, gold = map(sum, zip(*counts, strict=True))
    return both / (found or 1), both / (gold or 1), 2 * both / ((found + gold) or 1)


def _cited(answer: Answer, text: str) -> set[int]:
    citations = answer.citations if answer.answer is not None else ()
    return words_in(text, ((one.start, one.end) for one in citations))


if __name__ == "__main__":
    sys.exit(main())
