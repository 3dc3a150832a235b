"""Is a stored citation still true? Its article may have been edited, or taken out, since it was made."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.grounding.alignment import Alignment
from embeddings.errors import ArticleNotFound
from embeddings.strict import Whole
from embeddings.text.article import Article
from embeddings.text.passage import LONGEST

ALIKE = 80.0  # percent of a quote's characters that still stand together, for it to count as changed and not as gone

Status = Literal["fresh", "moved", "changed", "deleted"]


class StoredCitation(BaseModel):
    """What was kept of a citation."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    article_id: Annotated[str, Field(description="The cited article's id.")]
    start: Annotated[int, Field(ge=0, strict=True, description="First character, in Unicode code points."), Whole]
    end: Annotated[int, Field(ge=0, strict=True, description="One past the last character."), Whole]
    quote: Annotated[str, Field(min_length=1, max_length=LONGEST, description="The characters that stood there.")]


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


def verify(
    citations: Sequence[StoredCitation], read: Callable[[str], Article], left: Callable[[], bool] = lambda: False
) -> list[Verification]:
    """Look for each quote in its article as ``read`` gives it now; of several places, the one nearest to the old.

    In the order of the citations. An article is read once. When ``left`` says that nobody waits any longer the work
    ends, with fewer.
    """
    found: dict[StoredCitation, Verification] = {}
    for article_id in dict.fromkeys(citation.article_id for citation in citations):
        if left():
            break
        try:
            text = Alignment(read(article_id).text)
        except ArticleNotFound:
            text = Alignment("")
        for citation in citations:
            if citation.article_id == article_id and citation not in found and not left():
                found[citation] = _verified(citation, text)
    return [found[citation] for citation in citations if citation in found]


def _verified(citation: StoredCitation, text: Alignment) -> Verification:
    exact = text.exact(citation.quote, citation.start)
    span = exact or text.like(citation.quote, citation.start, ALIKE)
    if not span:
        return Verification(status="deleted", start=None, end=None)
    stayed = (span.start, span.end) == (citation.start, citation.end)
    return Verification(
        status="changed" if not exact else "fresh" if stayed else "moved", start=span.start, end=span.end
    )
