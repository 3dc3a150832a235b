"""Checks stored citations against the library, whose articles may have been edited or removed since."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.grounding.alignment import Aligner
from embeddings.errors import ArticleNotFound
from embeddings.json_types import WholeNumber
from embeddings.text.article import Article
from embeddings.text.passage import MAX_PASSAGE_LENGTH

MIN_SIMILARITY = 80.0  # percent; a quote with nothing so similar in its article counts as deleted, not as changed

Status = Literal["fresh", "moved", "changed", "deleted"]


class StoredCitation(BaseModel):
    """A citation as a client stored it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    article_id: Annotated[str, Field(description="The cited article's id.")]
    start: Annotated[int, Field(ge=0, strict=True, description="First character, in Unicode code points."), WholeNumber]
    end: Annotated[int, Field(ge=0, strict=True, description="One past the last character."), WholeNumber]
    quote: Annotated[
        str, Field(min_length=1, max_length=MAX_PASSAGE_LENGTH, description="The characters that stood there.")
    ]


class Verification(BaseModel):
    """The state of a stored citation, and the offsets of its quote in the article now.

    ``fresh``: the quote is where it was. ``moved``: it is elsewhere in the article, at these offsets. ``changed``: the
    text at these offsets is similar to it. ``deleted``: the article has neither it nor anything similar, or is gone.
    """

    model_config = ConfigDict(frozen=True)

    status: Status
    start: int | None
    end: int | None


class VerifyReply(BaseModel):
    """The state of each citation, in the order of the request."""

    model_config = ConfigDict(frozen=True)

    results: tuple[Verification, ...]


def verify(
    citations: Sequence[StoredCitation],
    read: Callable[[str], Article],
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Verification]:
    """Return the state of each citation, in order. An article is read once for all of its citations.

    Args:
        citations: the citations to check.
        read: returns the article with an id as it is now, or raises ArticleNotFound.
        cancelled: true once the caller no longer waits; the result then has fewer items.
    """
    results: dict[StoredCitation, Verification] = {}
    for article_id in dict.fromkeys(citation.article_id for citation in citations):
        if cancelled():
            break
        try:
            aligner = Aligner(read(article_id).text)
        except ArticleNotFound:
            aligner = Aligner("")
        for citation in citations:
            if citation.article_id == article_id and citation not in results and not cancelled():
                results[citation] = _verify_one(citation, aligner)
    return [results[citation] for citation in citations if citation in results]


def _verify_one(citation: StoredCitation, aligner: Aligner) -> Verification:
    exact = aligner.find_exact(citation.quote, citation.start)
    span = exact or aligner.find_similar(citation.quote, citation.start, MIN_SIMILARITY)
    if not span:
        return Verification(status="deleted", start=None, end=None)
    if not exact:
        status: Status = "changed"
    else:
        status = "fresh" if (span.start, span.end) == (citation.start, citation.end) else "moved"
    return Verification(status=status, start=span.start, end=span.end)
