"""Which articles a search may look at."""

from pydantic import BaseModel, ConfigDict, Field

from embeddings.strict import Day


class Filters(BaseModel):
    """Bounds on a search; all of them must hold. Dates include their day; an undated article never passes one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article_ids: tuple[str, ...] | None = Field(None, description="Only these articles.", examples=[None])
    sources: tuple[str, ...] | None = Field(
        None, description="Only these sources, by exact name.", examples=[["Reuters"]]
    )
    published_after: Day | None = Field(None, description="Published on this day or later.", examples=[None])
    published_before: Day | None = Field(None, description="Published on this day or earlier.", examples=[None])
