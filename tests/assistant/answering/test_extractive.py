"""When to answer, and when to say that the articles do not: the threshold is the calibration's and nothing else."""

from collections.abc import Iterator

import pytest

from assistant.answering.calibration import Calibration, OperatingPoint, load_calibration
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.grounding.entailment import Checker
from embeddings.encoder import Encoder
from embeddings.library import Library
from embeddings.retrieval.search import Hit
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

QUESTION = "When did Kerry speak to Lavrov?"


@pytest.fixture(scope="module")
def hits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Hit]]:
    with Library.open(tmp_path_factory.mktemp("library"), HashedWords()) as library:
        list(library.add([Article.create("Kerry spoke to Lavrov on Saturday. Grain fell.", title="Talks")]))
        yield library.search(QUESTION, 8)


def calibrated(encoder: Encoder, *points: tuple[float, float, float]) -> Calibration:
    """The packaged weights with this curve: threshold, coverage and risk of each point."""
    packaged, _ = load_calibration(encoder.fingerprint)
    curve = tuple(OperatingPoint(threshold=t, coverage=c, risk=r) for t, c, r in points)
    return packaged.model_copy(update={"curve": curve, "accepted_risk": 0.2})


def answerer(encoder: Encoder, calibration: Calibration, *, max_risk: float | None) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(SentenceVectors(encoder), calibration, Checker.choose("small"), max_risk=max_risk)


def test_an_answer_is_given_at_its_threshold_and_not_below(hits: list[Hit], encoder: HashedWords) -> None:
    def drafted(threshold: float) -> tuple[bool, float | None, float | None]:
        calibration = calibrated(encoder, (threshold, 0.5, 0.1))
        draft = answerer(encoder, calibration, max_risk=None).answer(QUESTION, hits)
        assert (draft.reason is None) == bool(draft.sentences)
        return bool(draft.sentences), draft.confidence, draft.threshold

    _, confidence, _ = drafted(0.5)
    assert confidence is not None
    assert 0 < confidence < 1
    assert drafted(confidence) == (True, confidence, confidence)
    assert drafted(confidence + 1e-4) == (False, confidence, confidence + 1e-4)


def test_a_lower_accepted_risk_abstains_more(hits: list[Hit], encoder: HashedWords) -> None:
    calibration = calibrated(encoder, (1.0, 0.1, 0.01), (0.0, 0.9, 0.3))

    def answered(max_risk: float | None) -> bool:
        return bool(answerer(encoder, calibration, max_risk=max_risk).answer(QUESTION, hits).sentences)

    assert [answered(risk) for risk in (0.01, None, 0.29, 0.3)] == [False, False, False, True]


def test_without_passages_the_answer_is_an_abstention(encoder: HashedWords) -> None:
    draft = answerer(encoder, calibrated(encoder, (0.0, 1.0, 1.0)), max_risk=1.0).answer(QUESTION, [])
    assert (draft.sentences, draft.reason, draft.confidence) == ((), "no_relevant_passage", 0.0)
