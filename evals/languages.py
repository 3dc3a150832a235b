"""``python -m evals.languages``: how well an encoder finds the paragraph of a question, within and across languages.

    ASSISTANT_EVAL_DATA=folder ASSISTANT_ENCODER=model python -m evals.languages [QUESTIONS [LANGUAGE …]]

Of XQuAD, whose 240 paragraphs and 1,190 questions are the same in each language: the share of a fixed sample of
QUESTIONS, by default 300, whose paragraph is the first, and among the first five, of a search. A row is a language of
the questions; first over the paragraphs of the same language, then over the English ones. ``dense`` is the encoder
alone, ``bm25`` the words alone; ``fused`` is the search as a user has it, of both.
"""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from assistant.settings import Settings
from embeddings.encoder import Encoder, load_encoder
from embeddings.library import Library
from embeddings.retrieval.search import By
from evals.data import xquad
from evals.data.collection import Collection, EvalQuestion, Folder, sample

_DEPTH = 5
_BY: tuple[By, ...] = ("dense", "bm25", "fused")


def main() -> None:
    """Print the figures."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    data, encoder = Folder.from_environment(), load_encoder(Settings().encoder)
    typer.echo(f"{encoder.fingerprint.model}: share of {size} questions whose paragraph is first / among {_DEPTH}")
    with TemporaryDirectory() as folder:
        collections = {language: xquad.paragraphs(data, language) for language in sys.argv[2:] or xquad.LANGUAGES}
        for line in measure(collections, encoder, size, Path(folder)):
            typer.echo(line)


def measure(collections: dict[str, Collection], encoder: Encoder, size: int, folder: Path) -> Iterator[str]:
    """Yield a line for each pair of languages: of the questions, and of the paragraphs."""
    english = next(iter(collections))
    for asked, collection in collections.items():
        for read in dict.fromkeys((asked, english)):
            with closing(Library.open(folder / read, encoder)) as library:
                for _ in library.add(collections[read].articles):
                    pass
                questions = sample(collection.questions, size)
                figures = "  ".join(f"{by} {_shares(library, questions, by)}" for by in _BY)
            yield f"{asked} over {read}:  {figures}"


def _shares(library: Library, questions: list[EvalQuestion], by: By) -> str:
    ranks = list[int]()
    for question in questions:
        hits = library.search(question.text, top_k=_DEPTH, by=by, group=True)
        found = [hit.article.id for hit in hits]
        wanted = question.gold[0].document
        ranks.append(found.index(wanted) if wanted in found else _DEPTH)
    return " / ".join(f"{sum(rank < least for rank in ranks) / len(ranks):.3f}" for least in (1, _DEPTH))


if __name__ == "__main__":
    main()
