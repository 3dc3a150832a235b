"""Filters of a search by article, source, author and day."""

from pydantic import BaseModel, ConfigDict, Field

from embeddings.json_types import Day


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
