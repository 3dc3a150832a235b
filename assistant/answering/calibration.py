"""What was learned from calibration data about one encoder: how signals weigh, and how sure is sure enough.

Made by ``python -m training.calibrate`` and kept under the encoder's name: with the reader's weights for answers that
they have a part in, and in ``assistant/answering/calibrations/`` for those without.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from assistant.reading.logistic import Logistic
from embeddings.encoder import MINILM, Fingerprint

FOLDER = Path(__file__).parent / "calibrations"
READER_FOLDER = Path(__file__).parents[1] / "reading" / "weights"


class _Fitted(BaseModel):
    model_config = ConfigDict(frozen=True)


class Point(_Fitted):
    """Of the calibration questions, how many are answered at this threshold, and how many of those wrongly."""

    threshold: float
    coverage: float
    risk: float


class Calibration(_Fitted):
    """Fitted models and the risk–coverage curve on the calibration mix, for one encoder and one reader or none.

    ``revision`` and ``reader`` are the sha256 of their weights. ``order`` puts passages in order, of those read.
    ``sentence`` says whether a sentence answers, ``answer`` whether the best one does, and ``relevance`` whether the
    passages are about the question at all. A further sentence joins the best one when it is at least ``join`` times as
    probable. ``curve`` runs from careful to bold; ``short_curve`` is that of the short answers in right sentences.
    """

    encoder: str
    revision: str
    reader: str | None = None
    order: Logistic | None = None
    sentence: Logistic
    answer: Logistic
    relevance: Logistic
    join: float
    curve: tuple[Point, ...] = Field(min_length=1)
    short_curve: tuple[Point, ...] = ()
    accepted_risk: float = Field(ge=0, le=1, description="Where the operator names none.")
    made_from: dict[str, str | int | float] = Field(description="Data, counts and figures of the fit.")

    def point(self, max_risk: float | None) -> Point:
        """The boldest point of the curve within the risk; where none is, the one with the least risk."""
        return _boldest(self.curve, self._accepted(max_risk))

    def short_point(self, max_risk: float | None) -> Point | None:
        """The same of short answers, whose confidence is their share; None where nothing is read.

        A third of the risk is accepted: the sentence is there anyway, and a wrong short answer misleads.
        """
        return _boldest(self.short_curve, self._accepted(max_risk) / 3) if self.short_curve else None

    def _accepted(self, max_risk: float | None) -> float:
        return self.accepted_risk if max_risk is None else max_risk


def _boldest(curve: tuple[Point, ...], max_risk: float) -> Point:
    within = [point for point in curve if point.risk <= max_risk]
    return max(within, key=lambda p: p.coverage) if within else min(curve, key=lambda p: p.risk)


def calibration_for(encoder: Fingerprint, reader: str | None = None) -> tuple[Calibration, bool]:
    """The calibration of an encoder, with the reader of this revision or without one, and True.

    Where there is none, that of the default encoder and False.
    """
    paths = sorted((READER_FOLDER if reader else FOLDER).glob("*.json"))
    fitted = [Calibration.model_validate_json(path.read_bytes()) for path in paths]
    own = [one for one in fitted if (one.revision, one.reader) == (encoder.revision, reader)]
    return (own or [one for one in fitted if one.encoder == MINILM])[0], bool(own)
