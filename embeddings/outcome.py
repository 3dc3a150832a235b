"""What becomes of an article that was given to be added: stored, or why not."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from embeddings.errors import ArticleAssistantError, LibraryBusy
from embeddings.ingest import ChunkedArticle
from embeddings.storage.database import Database
from embeddings.text.passage import EncodedPassage

Status = Literal["added", "unchanged", "replaced", "skipped"]


class Outcome(BaseModel):
    """What became of an article that was given to be added."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    status: Status
    article_id: str | None = None
    title: str | None = None
    path: str | None = None
    passages: int = 0
    reason: str | None = None
    notices: tuple[str, ...] = ()
    error: SkipValidation[ArticleAssistantError | None] = Field(None, exclude=True, description="What `reason` says.")


def store(
    drafted: ChunkedArticle, passages: Sequence[EncodedPassage], database: Database, *, anew: bool = False
) -> Outcome:
    """Commit an article. Unless ``anew``, one that another writer has stored since it was drafted is unchanged."""
    article, *_, notices, error = drafted
    with database.snapshot() as now:
        article = now.placed(article)
        held = None if anew or error else now.unchanged(article)
    if held:
        known = held.article
        other = None if known.id == article.id else f"Its text is here already, as {known.title!r} ({known.id})."
        return Outcome(
            status="unchanged",
            article_id=known.id,
            title=known.title,
            passages=held.passages,
            reason=other,
        )
    status: Status = "skipped"
    if not passages and error is None:
        error = LibraryBusy(
            "The article was here, and another writer changed it or took it out meanwhile.",
            expected="to find it as it was",
            got="another one in its place, or none",
            hint="Add it again.",
        )
    if passages:
        with database.transaction() as change:
            status = "replaced" if change.put(article, passages) else "added"
    return Outcome(
        status=status,
        article_id=article.id,
        title=article.title,
        passages=len(passages),
        reason=str(error) if error else None,
        notices=notices,
        error=error,
    )
