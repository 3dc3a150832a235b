"""The questions that calibrations are fitted on, and the articles that they are asked of."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.reader_features import best_span
from embeddings.filters import Filters
from evals.data import squad
from evals.data.collection import Collection, EvalQuestion, Folder, sample
from evals.data.held_out import MAX_PARAGRAPHS, held_out
from evals.metrics.reading import f1
from training.confidence import Kind

LOOKS_ANSWERABLE = "squad2_calibrate8"
WELL_POSED = (LOOKS_ANSWERABLE, "squadshifts_new_wiki")  # questions that make sense without naming their article
PAGES = 40  # at most, per file, without a reader
# Questions per file with the reader, which takes a second for each. Most are of the kinds that the mix needs.
READ = {LOOKS_ANSWERABLE: 900, "squadshifts_new_wiki": 450, "squadshifts_amazon": 225, "squadshifts_reddit": 225}
LIBRARIES = Path("reports") / "calibration"  # kept, so that no article is encoded twice


def calibration_data(folder: Folder, name: str, *, reader: bool) -> Collection:
    """Return articles and the questions about them; for the reader, only those that it was not trained on."""
    file = f"{name}.json.gz"
    if reader:
        cut = squad.pages if name in WELL_POSED else squad.paragraphs
        return cut(folder, file, MAX_PARAGRAPHS, held_out(folder, name))
    every = squad.pages(folder, file, MAX_PARAGRAPHS)
    articles = sample(every.articles, PAGES)
    ids = {article.id for article in articles}
    return Collection(tuple(articles), tuple(question for question in every.questions if question.article in ids))


def searches(
    collection: Collection, questions: Sequence[EvalQuestion], *, whole: bool
) -> Iterator[tuple[Kind, EvalQuestion, Filters | None]]:
    """Yield each question with its kind and the filters of its search.

    The search is limited to the question's article. If ``whole``, every second question is asked of the whole
    collection instead, and every fourth one, if it is answerable, also of a wrong article.
    """
    ids = [article.id for article in collection.articles]
    for i, question in enumerate(questions):
        own = None if whole and i % 2 else Filters(article_ids=(question.article or "",))
        yield "answerable" if question.answerable else "looks answerable", question, own
        if whole and question.answerable and i % 4 == 0:
            other = ids[(ids.index(question.article or "") + 1 + i) % len(ids)]
            if other != question.article:
                yield "wrong article", question, Filters(article_ids=(other,))


def has_annotated_answer(sentence: CandidateSentence, asked: EvalQuestion) -> bool:
    """Return whether an annotated answer starts in a sentence."""
    return any(
        sentence.article.id == wanted.document and sentence.span.start <= wanted.start < sentence.span.end
        for wanted in asked.gold
    )


def has_short_answer(sentence: CandidateSentence, asked: EvalQuestion) -> bool:
    """Return whether the reader's best span in a sentence agrees with an accepted answer: a word F1 of a half."""
    best = best_span(sentence)
    return best is not None and f1(sentence.hit.excerpt.cut(best.span), asked.answers) >= 0.5
