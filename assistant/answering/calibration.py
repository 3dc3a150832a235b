"""Calibrations: models fitted on calibration data for one encoder, and the risk–coverage curve of their answers.

``python -m training.calibrate`` makes them. Those with the reader are kept beside the reader's weights, those without
in ``assistant/answering/calibrations/``, each under the name of its encoder.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from assistant.reading.logistic import Logistic
from embeddings.encoder import MINILM
from embeddings.fingerprint import Fingerprint

CALIBRATIONS = Path(__file__).parent / "calibrations"
READER_CALIBRATIONS = Path(__file__).parents[1] / "reading" / "weights"


class _Fitted(BaseModel):
    model_config = ConfigDict(frozen=True)


class OperatingPoint(_Fitted):
    """A point of a risk–coverage curve.

    ``coverage`` is the share of the calibration questions that are answered at this threshold, and ``risk`` the share
    of wrong answers among them.
    """

    threshold: float
    coverage: float
    risk: float


class OperatingCurve(_Fitted):
    """A risk–coverage curve, and the risk that is accepted if the operator names none.

    Args:
        curve: the points, from the highest threshold to the lowest.
        accepted_risk: the accepted share of wrong answers among those given.
        made_from: the data and the figures of the fit.
    """

    curve: tuple[OperatingPoint, ...] = Field(min_length=1)
    accepted_risk: float = Field(ge=0, le=1, description="Where the operator names none.")
    made_from: dict[str, str | int | float] = Field(description="Data, counts and figures of the fit.")

    def operating_point(self, max_risk: float | None) -> OperatingPoint:
        """Return the point of the curve with the most coverage within the risk; if there is none, the least risky."""
        accepted = self.accepted(max_risk)
        within = [point for point in self.curve if point.risk <= accepted]
        if within:
            return max(within, key=lambda point: point.coverage)
        return min(self.curve, key=lambda point: point.risk)

    def accepted(self, max_risk: float | None) -> float:
        """Return the risk that an operator accepts; None for the default."""
        return self.accepted_risk if max_risk is None else max_risk


def short_answer_threshold(accepted_risk: float) -> float:
    """Return the probability that a short answer is right from which on it is shown.

    The least likely one that is shown may be wrong twice as often as answers are on average.
    """
    return 1 - 2 * accepted_risk


class Calibration(OperatingCurve):
    """The fitted models and curves for one encoder, with one reader or without a reader.

    Args:
        encoder: the name of the encoder.
        revision: the sha256 of the encoder's weights.
        reader: the sha256 of the reader's weights.
        order: the reranking model, over the features of a passage.
        sentence: the model that a sentence answers, over the features of a sentence.
        answer: the model that the best sentence answers rightly, over the features of an answer.
        relevance: the model that the passages are about the question at all, over the features of an answer.
        join: a further sentence joins the best one if it is at least this many times as probable.
        short: the model that the short answer in the best sentence is right; None without a reader.
    """

    encoder: str
    revision: str
    reader: str | None = None
    order: Logistic | None = None
    sentence: Logistic
    answer: Logistic
    relevance: Logistic
    join: float
    short: Logistic | None = None


def load_calibration(encoder: Fingerprint, reader: str | None = None) -> tuple[Calibration, bool]:
    """Return the calibration of an encoder, and True; if there is none, that of the default encoder, and False.

    Args:
        encoder: the fingerprint of the encoder.
        reader: the sha256 of the reader's weights; None for a calibration without a reader.
    """
    folder = READER_CALIBRATIONS if reader else CALIBRATIONS
    calibrations = [Calibration.model_validate_json(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    of_reader = [one for one in calibrations if one.reader == reader]
    matching = [one for one in of_reader if one.revision == encoder.revision]
    return (matching or [one for one in of_reader or calibrations if one.encoder == MINILM])[0], bool(matching)
