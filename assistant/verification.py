"""Is a stored citation still true? Its article may have been edited, or taken out, since it was made."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz.fuzz import partial_ratio_alignment

from embeddings.article import Article
from embeddings.errors import ArticleNotFound
from embeddings.strict import Whole

ALIKE = 80.0  # percent of a quote's characters that still stand together, for it to count as changed and not as gone

Status = Literal["fresh", "moved", "changed", "deleted"]


class StoredCitation(BaseModel):
    """What was kept of a citation."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    article_id: Annotated[str, Field(description="The cited article's id.")]
    start: Annotated[int, Field(ge=0, strict=True, description="First character, in Unicode code points."), Whole]
    end: Annotated[int, Field(ge=0, strict=True, description="One past the last character."), Whole]
    quote: Annotated[str, Field(min_length=1, max_length=20_000, description="The characters that stood there.")]


class Verification(BaseModel):
    """What became of a citation, and where it stands now.

    ``fresh``: the quote is where it was. ``moved``: it stands elsewhere in the article, at these offsets. ``changed``:
    these offsets hold something like it. ``deleted``: neither it nor anything like it is there, or the article is gone.
    """

    model_config = ConfigDict(frozen=True)

    status: Status
    start: int | None
    end: int | None


class VerifyReply(BaseModel):
    """What became of each citation, in the order in which they were given."""

    model_config = ConfigDict(frozen=True)

    results: tuple[Verification, ...]


def verify(citation: StoredCitation, read: Callable[[str], Article]) -> Verification:
    """Look for the quote in the article as ``read`` gives it now; of several places, the one nearest to the old."""
    try:
        text = read(citation.article_id).text
    except ArticleNotFound:
        return Verification(status="deleted", start=None, end=None)
    if text[citation.start : citation.end] == citation.quote:
        return Verification(status="fresh", start=citation.start, end=citation.end)
    if (start := _nearest(text, citation.quote, citation.start)) is not None:
        return Verification(status="moved", start=start, end=start + len(citation.quote))
    found = partial_ratio_alignment(citation.quote, text, score_cutoff=ALIKE)
    if found and len(citation.quote) <= len(text):
        return Verification(status="changed", start=found.dest_start, end=found.dest_end)
    return Verification(status="deleted", start=None, end=None)


def _nearest(text: str, quote: str, start: int) -> int | None:
    """The offset of the occurrence that begins nearest to ``start``; None when there is none."""
    after = text.find(quote, start)
    before = text.rfind(quote, 0, start + len(quote) - 1)
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: abs(place - start)) if places else None
