"""How likely a question that an article asks is the one that the user asks, by a fitted model."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from assistant.answering.features import ParsedQuestion
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.conversation.function_words import AUXILIARY, WH
from assistant.reading.logistic import Features, Logistic

MODEL_FILE = Path(__file__).parent / "heading_model.json"
_FORM = re.compile(
    rf"\A(?P<whether>{AUXILIARY}\b)|\b(?P<steps>how (?:to|do|can|should)\b)|\bhow \w+|\b{WH}\b|\A(?P<doing>\w+ing\b)",
    re.IGNORECASE,
)


class TitledHeading(NamedTuple):
    """A question that an article asks, and the title of the article, which it may leave out."""

    title: str
    text: str


class HeadingModel(BaseModel):
    """What ``python -m training.headings`` fits: the model over :func:`heading_features` for one encoder.

    Args:
        encoder: the sha256 of the encoder's weights.
        same: the model that a heading asks what the user asks.
        made_from: the data and the figures of the fit.
    """

    model_config = ConfigDict(frozen=True)

    encoder: str
    same: Logistic
    made_from: dict[str, str | int | float]


def heading_features(question: str, headings: Sequence[TitledHeading], vectors: SentenceVectors) -> list[Features]:
    """Return the features of each heading.

    ``cosine`` is the larger one of the heading with and without its title, ``covered`` the share of the heading's
    content terms that the question has, and ``same_form`` whether both ask in the same way.
    """
    asked, form = ParsedQuestion.parse(question), _form(question)
    alone, titled = [one.text for one in headings], [f"{one.title}: {one.text}" for one in headings]
    cosines = vectors.cosine(question, [*alone, *titled]).reshape(2, -1).max(axis=0)
    return [
        {
            "cosine": cosine,
            "covered": ParsedQuestion.parse(one.text).coverage(set(asked.terms)),
            "same_form": float(_form(one.text) == form),
        }
        for one, cosine in zip(headings, cosines.tolist(), strict=True)
    ]


def _form(text: str) -> str:
    """Return how a question or a heading asks: "whether", "steps", the amount, or the question word; "" if it does not.

    "Renewing a pass" asks for steps.
    """
    found = _FORM.search(text)
    if found is None:
        return ""
    return "steps" if found.lastgroup == "doing" else found.lastgroup or found.group().lower()


@cache
def load_heading_model() -> HeadingModel:
    """Return the model that ships."""
    return HeadingModel.model_validate_json(MODEL_FILE.read_bytes())
