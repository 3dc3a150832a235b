"""Outcomes of adding articles: whether an article was stored, and if not, why."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from embeddings.errors import ArticleAssistantError, LibraryBusy
from embeddings.ingest import ChunkedArticle
from embeddings.storage import origins
from embeddings.storage.engine import Engine
from embeddings.storage.snapshot import Snapshot
from embeddings.text.article import Article
from embeddings.text.passage import EncodedPassage

Status = Literal["added", "replaced", "unchanged", "removed", "skipped"]


class Outcome(BaseModel):
    """What happened to an article that was given to be added, or that a sync found or missed."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    status: Status
    article_id: str | None = None
    title: str | None = None
    path: str | None = None
    passages: int = 0
    reason: str | None = None
    notices: tuple[str, ...] = ()
    error: SkipValidation[ArticleAssistantError | None] = Field(None, exclude=True, description="What `reason` says.")


def expected_outcome(article: Article, snapshot: Snapshot) -> Outcome:
    """Return what would come of adding an article; nothing is stored."""
    article = snapshot.with_stored_id(article)
    stored = snapshot.find_unchanged(article)
    status: Status = "unchanged" if stored else "replaced" if snapshot.summary(article.id) else "added"
    return Outcome(status=status, article_id=stored.article.id if stored else article.id, title=article.title)


def store_article(
    chunked: ChunkedArticle,
    passages: Sequence[EncodedPassage],
    database: Engine,
    *,
    runtime: str,
    replace_unchanged: bool = False,
) -> Outcome:
    """Store an article in a transaction of its own.

    Args:
        chunked: The article; one with an error is skipped.
        passages: Its passages. An article without any was found to be stored already, or has an error.
        database: Where to store it.
        runtime: What encodes passages here; empty if nothing was encoded yet.
        replace_unchanged: Store the article also if the same one is stored already, perhaps by another writer since it
            was chunked.
    """
    article, error = chunked.article, chunked.error
    with database.snapshot() as snapshot:
        article = snapshot.with_stored_id(article)
        stored = None if replace_unchanged or error else snapshot.find_unchanged(article)
        is_recorded = stored and article.origin and origins.is_recorded(snapshot, stored.article.id, article.origin)
    if stored:
        known = stored.article
        if article.origin and not is_recorded:
            with database.transaction() as transaction:
                origins.record_origin(transaction, known.id, article.origin, owned=False)
        reason = None if known.id == article.id else f"Its text is here already, as {known.title!r} ({known.id})."
        return Outcome(
            status="unchanged", article_id=known.id, title=known.title, passages=stored.passages, reason=reason
        )
    status: Status = "skipped"
    if passages:
        with database.transaction() as transaction:
            status = "replaced" if transaction.put(article, passages) else "added"
            if runtime:
                transaction.record_runtime(runtime)
            if article.origin:
                origins.record_origin(transaction, article.id, article.origin, owned=status == "added")
    elif error is None:
        error = LibraryBusy(
            "The article was here, and another writer changed it or took it out meanwhile.",
            expected="to find it as it was",
            got="another one in its place, or none",
            hint="Add it again.",
        )
    return Outcome(
        status=status,
        article_id=article.id,
        title=article.title,
        passages=len(passages),
        reason=str(error) if error else None,
        notices=chunked.notices,
        error=error,
    )
