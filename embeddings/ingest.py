"""Ingestion: articles → chunked articles → encoded passages. A text that has a vector is not encoded again."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.cancellation import checkpoint, pause_every, time_limit
from embeddings.encoder import Encoder
from embeddings.errors import ArticleAssistantError, InvalidInput
from embeddings.priority_lock import MODEL_LOCK
from embeddings.storage.engine import Engine
from embeddings.text.article import Article, Span, reject_lone_surrogates
from embeddings.text.chunking import chunk, heading
from embeddings.text.passage import EncodedPassage

# Articles, or passages, that are collected before they are encoded: enough to be fast, and few to hold in memory or to
# lose in a crash.
BATCH = 64

_CHUNKING_SECONDS = 300.0  # the time limit for one article: twenty times what 20 MB of prose take

# Chunking keeps Python's interpreter lock. After so many seconds of it, questions that are being answered go first, for
# at most a pause: so it takes a fifth of the lock beside constant questions.
_CHUNKING_TURN, _CHUNKING_PAUSE = 0.05, 0.2

_Vectors = Mapping[bytes, NDArray[np.float32]]  # by the digest of the text
_NO_VECTORS: _Vectors = {}


class ChunkedArticle(NamedTuple):
    """An article and its passages.

    ``spans``, ``texts``, ``digests`` and ``sentences`` have one item for each passage: its span, the text that is
    encoded, the SHA-256 of the encoder's fingerprint and that text, and the spans of the sentences inside it. They are
    empty if the article is stored already, or if it has an ``error`` that says why it cannot be. ``vectors`` are those
    of texts that another process has encoded.
    """

    article: Article
    spans: Sequence[Span] = ()
    texts: Sequence[str] = ()
    digests: Sequence[bytes] = ()
    sentences: Sequence[Sequence[Span]] = ()
    notices: tuple[str, ...] = ()
    error: ArticleAssistantError | None = None
    vectors: _Vectors = _NO_VECTORS

    @property
    def id(self) -> str:
        """The article's id."""
        return self.article.id


_Given = TypeVar("_Given", bound=Article | ChunkedArticle)


def chunk_article(article: Article, encoder: Encoder) -> ChunkedArticle:
    """Split an article into passages. An article that cannot be split is returned with the error."""
    try:
        for name in ("text", "title"):
            reject_lone_surrogates(name, getattr(article, name))
        with (
            time_limit("Cutting the article into passages", _CHUNKING_SECONDS, "Split it into its articles."),
            pause_every(_CHUNKING_TURN, lambda: MODEL_LOCK.give_way(_CHUNKING_PAUSE)),
        ):
            spans, sentences, split_sentences = chunk(article, encoder)
        first_line = heading(article, encoder)
        texts = [f"{first_line}\n{span.cut(article.text)}" for span in spans]
        fingerprint = encoder.fingerprint.model_dump_json().encode()
        digests = [hashlib.sha256(fingerprint + b"\n" + text.encode()).digest() for text in texts]
    except ArticleAssistantError as error:
        return ChunkedArticle(article, error=error)
    if not spans:
        no_sentence = InvalidInput(
            "The article has nothing to search in.",
            expected="a sentence",
            got=f"{len(article.text)} characters without one",
            hint="Check that the file is the article itself.",
        )
        return ChunkedArticle(article, error=no_sentence)
    notices: tuple[str, ...] = ()
    if split_sentences:
        number = "1 sentence is" if split_sentences == 1 else f"{split_sentences} sentences are"
        notices = (f"{number} longer than the encoder's window and had to be split.",)
    return ChunkedArticle(article, spans, texts, digests, sentences, notices)


def chunk_new(given: Article | ChunkedArticle, encoder: Encoder, database: Engine) -> ChunkedArticle:
    """Split an article into passages, unless it is split already, or stored and unchanged."""
    chunked = given if isinstance(given, ChunkedArticle) else ChunkedArticle(given)
    with database.snapshot() as snapshot:
        article = snapshot.with_stored_id(chunked.article)
        if snapshot.find_unchanged(article):
            return ChunkedArticle(article)
    if chunked.spans or chunked.error:
        return chunked._replace(article=article)
    return chunk_article(article, encoder)


def batches(articles: Iterable[_Given], chunked: Callable[[_Given], ChunkedArticle]) -> Iterator[list[ChunkedArticle]]:
    """Yield chunked articles in batches of about ``BATCH`` passages, with no article twice in a batch.

    Each batch is complete before an article of the next one is chunked, so that ``chunked`` can see what became of it.
    When the iterable fails, the articles before that are yielded first and then its exception is raised.
    """
    batch: list[ChunkedArticle] = []
    try:
        for article in articles:
            is_full = sum(max(1, len(other.spans)) for other in batch) >= BATCH
            if is_full or any(other.article.id == article.id for other in batch):
                yield batch
                batch = []
            batch.append(chunked(article))
    except Exception:
        yield batch
        raise
    yield batch


def encode_article(article: Article, encoder: Encoder, database: Engine) -> NDArray[np.float32]:
    """Return the vectors of an article's passages, of shape (n, dimension); it need not be in the database.

    Raises:
        InvalidInput: It cannot be split into passages.
    """
    chunked = chunk_article(article, encoder)
    if chunked.error:
        raise chunked.error
    (passages,) = encode_passages([chunked], encoder, database)
    return np.stack([passage.vector for passage in passages])


def encode_passages(batch: Sequence[ChunkedArticle], encoder: Encoder, database: Engine) -> list[list[EncodedPassage]]:
    """Return the passages of each article with their vectors, taken from the database where it has them."""
    with database.snapshot() as snapshot:
        digests = [digest for chunked in batch for digest in chunked.digests]
        vectors = snapshot.vectors_by_digest(digests, encoder.fingerprint.dimension)
    vectors = {digest: vector for chunked in batch for digest, vector in chunked.vectors.items()} | vectors
    vectors.update(encode_new(batch, encoder, vectors))
    return [
        [
            EncodedPassage(span, digest, vectors[digest], sentences)
            for span, digest, sentences in zip(chunked.spans, chunked.digests, chunked.sentences, strict=True)
        ]
        for chunked in batch
    ]


def encode_new(batch: Sequence[ChunkedArticle], encoder: Encoder, known: Collection[bytes]) -> _Vectors:
    """Return the vectors of a batch's texts but for those whose digests are known."""
    new_texts = {
        digest: text
        for chunked in batch
        for digest, text in zip(chunked.digests, chunked.texts, strict=True)
        if digest not in known
    }
    vectors: dict[bytes, NDArray[np.float32]] = {}
    by_length = sorted(new_texts.items(), key=lambda item: len(item[1]))  # so that little is spent on padding
    for first in range(0, len(by_length), BATCH):
        checkpoint()
        texts = dict(by_length[first : first + BATCH])
        vectors.update(zip(texts, encoder.encode(list(texts.values()), "passage", background=True), strict=True))
    return vectors
