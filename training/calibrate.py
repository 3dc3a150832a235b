"""``python -m training.calibrate``: fits the answerer's small models and its threshold, for answers with a reader.

``--reader careful`` fits those for answers that the careful reader decides, and ``--reader off`` those for answers
without a reader, and the fusion weight. Reads ``squadshifts_*`` and
``squad2_calibrate8`` from the folder that ``ASSISTANT_EVAL_DATA`` names; with the reader, only the part that it was not
trained on. The measure-only files are never read. Writes one file, named after the encoder; see
``assistant.answering.calibration``.

The examples are weighted to a mix of 80 % questions that an article answers, 10 % asked of the wrong article, and 10 %
written to look answerable. Each page is an article; with the reader, each review or comment is an article of its own,
because its questions ("What did the author buy?") make sense only next to it. An answer is right if one of its
sentences contains an accepted answer as whole words. Confidence is evaluated out of fold, with folds by article, so
that the risk–coverage curve is not computed on the models' training data.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track

from assistant.answering.answer_check import check_features
from assistant.answering.calibration import CALIBRATIONS, READER_CALIBRATIONS
from assistant.answering.candidate_sentences import candidate_sentences
from assistant.answering.extractive import candidate_features, decisive_hits
from assistant.answering.features import ParsedQuestion
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.grounding.entailment import Checker
from assistant.reading.logistic import Features, Logistic
from assistant.reading.reader import Readers
from assistant.reading.reranker import DEPTH, ReadHit, passage_features, read_carefully, read_hits, rerank
from assistant.settings import ReaderName
from embeddings.encoder import load_encoder
from embeddings.library import Library
from embeddings.retrieval.fusion import BM25_WEIGHT, WEIGHT_FILE
from embeddings.retrieval.search import Hit
from evals.data.collection import EvalQuestion as Asked
from evals.data.collection import Folder, sample
from evals.data.held_out import SHARES
from evals.errors import DataMissing
from evals.metrics.reading import contains_answer
from training.calibration_questions import (
    LIBRARIES,
    LOOKS_ANSWERABLE,
    READ,
    WELL_POSED,
    calibration_data,
    has_annotated_answer,
    has_short_answer,
    searches,
)
from training.confidence import CalibrationExample, Floats, Kind, fit
from training.pairwise import pairwise

ACCEPTED_RISK = {True: 0.1, False: 0.25}  # with and without a reader; docs/reader.md compares other values
QUESTIONS, RANKED = 1000, 500  # at most, per file; the first RANKED questions fit the fusion
TOP_K = 8
WEIGHTS = np.round(np.arange(0, 2.01, 0.1), 1)


@dataclass(frozen=True)
class FoundPassages:
    """A question, and the passages that search found for it, with the reader's logits if there is a reader."""

    kind: Kind
    asked: Asked
    hits: Sequence[Hit]


def main(
    reader: Annotated[ReaderName, typer.Option(help="The reader; without one, the fusion is fitted too.")] = "small",
) -> None:
    """Fit the answerer's models and threshold, with a reader or without."""
    folder, encoder, readers = Folder.from_environment(), load_encoder(), Readers.choose(reader)
    found = list[FoundPassages]()
    ranking: list[Floats] = []
    try:
        collections = {name: calibration_data(folder, name, reader=bool(readers.all)) for name in SHARES}
    except DataMissing as error:
        sys.exit(str(error))
    for name, collection in collections.items():
        with Library.open(LIBRARIES / ("held_out" if readers.all else "all") / name, encoder) as library:
            for _ in track(library.add(collection.articles), f"{name}: encoding", len(collection.articles)):
                pass
            questions = sample(collection.questions, READ[name] if readers.all else QUESTIONS)
            if not readers.all and name != LOOKS_ANSWERABLE:
                ranking += [_ranking(library, one) for one in track(questions[:RANKED], f"{name}: ranking")]
            asked = list(searches(collection, questions, whole=name in WELL_POSED))
            for kind, question, filters in track(asked, f"{name}: asking"):
                hits = library.search(question.text, DEPTH, filters)
                read = read_hits(readers.small, question.text, hits) if readers.small else hits
                found.append(FoundPassages(kind, question, read))
    if ranking:
        _write_fusion(ranking)
    order, vectors = _order(found) if readers.all else None, None if readers.all else SentenceVectors(encoder)
    checker = Checker.choose(reader) if readers.all else None
    examples = [_example(vectors, checker, _read(readers, one, order)) for one in track(found, "features")]
    calibration = fit(examples, encoder, ACCEPTED_RISK[bool(readers.all)])
    if readers.all:
        calibration = calibration.model_copy(update={"order": order, "reader": readers.revision})
    name = ("careful-" if readers.careful else "") + calibration.encoder.rpartition("/")[2]
    path = (READER_CALIBRATIONS if readers.all else CALIBRATIONS) / f"{name}.json"
    path.write_text(calibration.model_dump_json(indent=1) + "\n", encoding="utf-8")
    Console().print(calibration.made_from, calibration.join, order, *calibration.curve[::6])


def _write_fusion(ranking: Sequence[Floats]) -> None:
    weights = np.mean(ranking, axis=0)
    fusion = {
        "bm25_weight": float(WEIGHTS[weights.argmax()]),
        "chosen_on": f"reciprocal rank at 10 of the passage with the answer, {len(ranking)} questions of squadshifts",
        "mrr_by_weight": dict(zip(map(str, WEIGHTS.tolist()), weights.round(4).tolist(), strict=True)),
    }
    WEIGHT_FILE.write_text(json.dumps(fusion, indent=1) + "\n", encoding="utf-8")


def _order(found: Sequence[FoundPassages]) -> Logistic:
    """Fit the reranker, which ranks passages that contain an answer above the others read for the same question."""
    read = [(one.asked, [hit for hit in one.hits if isinstance(hit, ReadHit)]) for one in found]
    return pairwise(
        (passage_features(hits), np.array([_holds(hit, asked) for hit in hits], bool)) for asked, hits in read
    )


def _read(readers: Readers, found: FoundPassages, order: Logistic | None) -> FoundPassages:
    """Return the passages as an answer is made of them: reranked, and read by the careful reader if there is one."""
    if order is None:
        return found
    hits: Sequence[Hit] = rerank([hit for hit in found.hits if isinstance(hit, ReadHit)], order)
    if readers.careful:
        hits = read_carefully(readers.careful, found.asked.text, hits)
    return replace(found, hits=hits)


def _example(vectors: SentenceVectors | None, checker: Checker | None, found: FoundPassages) -> CalibrationExample:
    sentences = candidate_sentences(decisive_hits(found.hits[:TOP_K]))
    question = ParsedQuestion.parse(found.asked.text)
    signals = candidate_features(question, sentences, vectors)
    answerable = found.kind == "answerable"
    answers = np.array([answerable and has_annotated_answer(one, found.asked) for one in sentences])
    held = np.array([answerable and contains_answer(one.text, found.asked.answers) for one in sentences])

    @cache
    def check(number: int) -> Features:
        return check_features(question.text, sentences[number], checker) if checker else {}

    short = np.array([answerable and has_short_answer(one, found.asked) for one in sentences])
    return CalibrationExample(
        found.kind, found.asked.article or "", question, sentences, signals, check, answers, answers | held, short
    )


def _ranking(library: Library, asked: Asked) -> Floats:
    """Return the reciprocal rank at 10 of the first passage that contains an answer, for each of ``WEIGHTS``."""
    hits = library.search(asked.text, 200)
    cosine, fused = np.array([hit.cosine for hit in hits]), np.array([hit.score for hit in hits])
    words = (fused - cosine) / BM25_WEIGHT
    right = np.array([_holds(hit, asked) for hit in hits], bool)
    values = []
    for weight in WEIGHTS:
        (places,) = np.nonzero(right[np.argsort(-(cosine + weight * words), kind="stable")][:10])
        values.append(1 / (1 + places[0]) if len(places) else 0.0)
    return np.array(values)


def _holds(hit: Hit, asked: Asked) -> bool:
    return any(
        hit.article.id == w.document and hit.passage.span.start <= w.start and w.end <= hit.passage.span.end
        for w in asked.gold
    )


if __name__ == "__main__":
    typer.run(main)
