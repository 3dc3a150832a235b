"""``python -m training.keywords``: fits which sentences are shown for a keyword query, and the confidence.

The keyword queries are the content words of the calibration questions, in their order. ``squad2_calibrate8`` and
``squadshifts_new_wiki`` are read from the folder that ``ASSISTANT_EVAL_DATA`` names, only the part that the reader was
not trained on, with a page an article and in the mix of ``training.calibrate``. A sentence is shown from the score on
that ``RECALL`` of the annotated sentences have, out of fold. An answer is right if one of its sentences contains an
accepted answer.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from assistant.answering.calibration import short_answer_threshold
from assistant.answering.candidate_sentences import candidate_sentences
from assistant.answering.extractive import candidate_features
from assistant.answering.features import ParsedQuestion, answer_features
from assistant.answering.keyword_answer import CALIBRATION_FILE, KeywordCalibration, shown_sentences
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.reading.logistic import Features, Logistic
from assistant.reading.reader import Reader, small_reader
from assistant.reading.reranker import DEPTH, read_hits
from embeddings.encoder import Encoder, load_encoder
from embeddings.library import Library
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms
from evals.data.collection import Collection, EvalQuestion, Folder, sample
from evals.errors import DataMissing
from evals.metrics.reading import contains_answer
from training.calibration_questions import (
    LIBRARIES,
    READ,
    WELL_POSED,
    calibration_data,
    has_annotated_answer,
    has_short_answer,
    searches,
)
from training.confidence import Kind, evaluate, fit_answer_model, fit_logistic, folds, mix_weights

SENTENCE_FEATURES = ("span", "cosine", "coverage", "context_coverage")
RECALL = 0.95  # of annotated sentences
SHORT_ANSWER_FEATURES = ("span_share", "span_lead", "span", "holds", "lead", "coverage", "question_terms")
ACCEPTED_RISK = 0.1
_WORD = re.compile(r"\w[\w'’.-]*\w|\w")
_NOT_TYPED = STOP_WORDS.union(terms("how many much long often"))


@dataclass(frozen=True)
class KeywordExample:
    """A keyword query with the features of its sentences (``signals``) and their labels.

    ``answers`` marks the sentences in which an annotated answer starts, and ``holds`` also those that contain the words
    of an accepted one, ``short`` those whose best span is one. All are False unless the kind is "answerable".
    """

    kind: Kind
    article: str
    query: ParsedQuestion
    signals: list[Features]
    answers: NDArray[np.bool_]
    holds: NDArray[np.bool_]
    short: NDArray[np.bool_]


def main() -> None:
    """Fit the models and the thresholds, and write them."""
    folder, encoder = Folder.from_environment(), load_encoder()
    examples = list[KeywordExample]()
    try:
        collections = {name: calibration_data(folder, name, reader=True) for name in WELL_POSED}
    except DataMissing as error:
        sys.exit(str(error))
    for name, collection in collections.items():
        questions = sample(collection.questions, READ[name])
        found = _examples(name, collection, questions, encoder, small_reader())
        examples += track(found, f"{name}: asking", len(questions))
    calibration = fit(examples, small_reader().revision)
    CALIBRATION_FILE.write_text(calibration.model_dump_json(indent=1) + "\n", encoding="utf-8")
    Console().print(calibration.made_from, calibration.least, calibration.sentence, *calibration.curve[::6])


def keywords_of(question: str) -> str:
    """Return the words of a question that one would type into a search box, in their order."""
    words = _WORD.findall(question)
    return " ".join(word for word in words if not _NOT_TYPED.issuperset(terms(word)))


def _examples(
    name: str, collection: Collection, questions: Sequence[EvalQuestion], encoder: Encoder, reader: Reader
) -> Iterator[KeywordExample]:
    vectors = SentenceVectors(encoder)
    with Library.open(LIBRARIES / "held_out" / name, encoder) as library:
        list(library.add(collection.articles))
        for kind, asked, filters in searches(collection, questions, whole=True):
            query = keywords_of(asked.text)
            sentences = candidate_sentences(read_hits(reader, query, library.search(query, DEPTH, filters)))
            if not sentences:
                continue
            answers = np.array([kind == "answerable" and has_annotated_answer(one, asked) for one in sentences])
            holds = np.array([kind == "answerable" and contains_answer(one.text, asked.answers) for one in sentences])
            short = np.array([kind == "answerable" and has_short_answer(one, asked) for one in sentences])
            parsed = ParsedQuestion.parse(query)
            signals = candidate_features(parsed, sentences, vectors)
            yield KeywordExample(kind, asked.article or "", parsed, signals, answers, answers | holds, short)


def fit(examples: Sequence[KeywordExample], reader: str) -> KeywordCalibration:
    """Return the calibration of examples, for the reader with these weights."""
    kinds, articles = [one.kind for one in examples], [one.article for one in examples]
    sentence = _fit_sentence(examples)
    scores: list[NDArray[np.float64]] = [np.empty(0)] * len(examples)
    for inside, outside in folds(articles):
        model = _fit_sentence([examples[j] for j in inside])
        for j in outside:
            scores[j] = np.array([model.log_odds(one) for one in examples[j].signals])
    annotated = np.concatenate([found[one.answers] for one, found in zip(examples, scores, strict=True)])
    least = float(np.quantile(annotated, 1 - RECALL))
    right = np.array(
        [one.holds[shown_sentences(found, least)].any() for one, found in zip(examples, scores, strict=True)], bool
    )
    features = [answer_features(one.query, one.signals, found, {}) for one, found in zip(examples, scores, strict=True)]
    has_short = np.array([one.short[found.argmax()] for one, found in zip(examples, scores, strict=True)], bool)
    weight, confidence, is_short = mix_weights(kinds), np.zeros(len(examples)), np.zeros(len(examples))
    for inside, outside in folds(articles):
        learnt = [features[j] for j in inside]
        model = fit_answer_model(learnt, right[inside], weight[inside])
        short = _fit_short(learnt, has_short[inside], weight[inside])
        for j in outside:
            confidence[j], is_short[j] = model.probability(features[j]), short.probability(features[j])
    curve, figures = evaluate(kinds, confidence, right)
    is_shown = is_short >= short_answer_threshold(ACCEPTED_RISK)
    shown = [len(shown_sentences(found, least)) for found in scores]
    return KeywordCalibration(
        reader=reader,
        sentence=sentence,
        least=round(least, 4),
        answer=fit_answer_model(features, right, weight),
        short=_fit_short(features, has_short, weight),
        curve=curve,
        accepted_risk=ACCEPTED_RISK,
        made_from={
            "data": "squadshifts_new_wiki (CC BY 4.0) and squad2_calibrate8 (CC BY-SA 4.0)",
            **figures,
            "median_sentences": int(np.median(shown)),
            "short_answer_shown": round(float(np.average(is_shown, weights=weight)), 4),
            "short_answer_right": round(float(np.average(has_short[is_shown], weights=weight[is_shown])), 4),
        },
    )


def _fit_sentence(examples: Sequence[KeywordExample]) -> Logistic:
    answerable = [one for one in examples if one.answers.any()]
    signals = [{name: one[name] for name in SENTENCE_FEATURES} for example in answerable for one in example.signals]
    return fit_logistic(signals, np.concatenate([one.answers for one in answerable]))


def _fit_short(features: Sequence[Features], labels: NDArray[np.bool_], weight: NDArray[np.float64]) -> Logistic:
    return fit_logistic([{name: one[name] for name in SHORT_ANSWER_FEATURES} for one in features], labels, weight)


if __name__ == "__main__":
    main()
