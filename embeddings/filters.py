"""Filters of a search by article, source, author, day and metadata."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from embeddings.json_types import Day
from embeddings.metadata_filter import parse_conditions


def _require_conditions(text: str) -> str:
    parse_conditions(text)
    return text


class Filters(BaseModel):
    """Which articles a search considers: those that pass every filter.

    Both days are inclusive. An article without a day passes neither of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    article_ids: tuple[str, ...] | None = Field(None, description="Only these articles.", examples=[None])
    sources: tuple[str, ...] | None = Field(
        None, description="Only these sources, by exact name.", examples=[["Reuters"]]
    )
    authors: tuple[str, ...] | None = Field(
        None, description="By one of these authors, by exact name.", examples=[["Ada Lovelace"]]
    )
    published_after: Day | None = Field(None, description="Published on this day or later.", examples=[None])
    published_before: Day | None = Field(None, description="Published on this day or earlier.", examples=[None])
    metadata: Annotated[str, Field(max_length=2000), AfterValidator(_require_conditions)] | None = Field(
        None,
        description="Conditions on the metadata, such as `section = Sport and year >= 2016`; the guide has them all.",
        examples=["section = Sport and year >= 2016"],
    )
