"""Articles → encoded passages. A text that was encoded before is not encoded again."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from embeddings.checkpoint import checkpoint, time_limit
from embeddings.encoder import Encoder
from embeddings.errors import ArticleAssistantError, InvalidInput
from embeddings.storage.database import Database
from embeddings.text.article import Article, Span, reject_lone_surrogates
from embeddings.text.chunking import chunk, heading
from embeddings.text.passage import EncodedPassage

BATCH = 64  # articles, or passages, gathered before any is encoded: enough to be fast, and little to hold or to lose

_SECONDS = 300.0  # for cutting one article: twenty times what 20 MB of prose take


class ChunkedArticle(NamedTuple):
    """An article cut into passages. Without any, ``error`` says why it can have none, or it needs none.

    ``texts`` are what is encoded for each span; ``digests`` name a text and the encoder that reads it; ``sentences``
    are those inside each span.
    """

    article: Article
    spans: Sequence[Span] = ()
    texts: Sequence[str] = ()
    digests: Sequence[bytes] = ()
    sentences: Sequence[Sequence[Span]] = ()
    notices: tuple[str, ...] = ()
    error: ArticleAssistantError | None = None


def draft(article: Article, encoder: Encoder) -> ChunkedArticle:
    """Cut an article into passages; nothing is encoded yet."""
    try:
        for name in ("text", "title"):
            reject_lone_surrogates(name, getattr(article, name))
        with time_limit("Cutting the article into passages", _SECONDS, "Split it into its articles."):
            spans, inside, split = chunk(article, encoder)
        above = heading(article, encoder)
        texts = [f"{above}\n{span.cut(article.text)}" for span in spans]
        read_by = encoder.fingerprint.model_dump_json().encode()
        digests = [hashlib.sha256(read_by + b"\n" + text.encode()).digest() for text in texts]
    except ArticleAssistantError as error:
        return ChunkedArticle(article, error=error)
    if not spans:
        nothing = InvalidInput(
            "The article has nothing to search in.",
            expected="a sentence",
            got=f"{len(article.text)} characters without one",
            hint="Check that the file is the article itself.",
        )
        return ChunkedArticle(article, error=nothing)
    number = "1 sentence is" if split == 1 else f"{split} sentences are"
    notices = (f"{number} longer than the encoder's window and had to be split.",) if split else ()
    return ChunkedArticle(article, spans, texts, digests, inside, notices)


def gather(articles: Iterable[Article], drafted: Callable[[Article], ChunkedArticle]) -> Iterator[list[ChunkedArticle]]:
    """Drafts in batches, no article twice in one: ``drafted`` may look at what came of the batches before.

    When the iterable fails, what came before is given first; then its exception goes on.
    """
    batch: list[ChunkedArticle] = []
    try:
        for article in articles:
            full = sum(max(1, len(draft.spans)) for draft in batch) >= BATCH
            if full or any(draft.article.id == article.id for draft in batch):
                yield batch
                batch = []
            batch.append(drafted(article))
    except Exception:
        yield batch
        raise
    yield batch


def encode(drafts: Sequence[ChunkedArticle], encoder: Encoder, database: Database) -> list[list[EncodedPassage]]:
    """The passages of each draft with their vectors; those that the database has are taken from there."""
    with database.snapshot() as now:
        vectors = now.known([d for draft in drafts for d in draft.digests], encoder.fingerprint.dimension)
    new = {
        digest: text
        for draft in drafts
        for digest, text in zip(draft.digests, draft.texts, strict=True)
        if digest not in vectors
    }
    texts = sorted(new.items(), key=lambda one: len(one[1]))  # of like length, so little is spent on padding
    for first in range(0, len(texts), BATCH):
        checkpoint()
        some = dict(texts[first : first + BATCH])
        vectors.update(zip(some, encoder.encode(list(some.values()), "passage", background=True), strict=True))
    return [
        [
            EncodedPassage(span, digest, vectors[digest], sentences)
            for span, digest, sentences in zip(draft.spans, draft.digests, draft.sentences, strict=True)
        ]
        for draft in drafts
    ]
