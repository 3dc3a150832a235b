"""The identity of an encoder, and the kinds of text that it encodes."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["query", "passage"]


class Fingerprint(BaseModel):
    """The identity of an encoder: two encoders with equal fingerprints give interchangeable vectors.

    ``revision`` is the commit on the Hugging Face hub, or the SHA-256 of the weights of a model in a folder or package.
    ``prefix`` is what the model expects before each kind of text, such as "query: " for the e5 models.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    revision: str
    dimension: int
    prefix: dict[str, str]
    pooling: str
