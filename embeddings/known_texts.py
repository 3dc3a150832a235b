"""Known texts: what a library has already, for processes elsewhere that encode for it and cannot read its database."""

from collections.abc import Callable, Sequence
from pathlib import Path

from embeddings.encoder import Encoder
from embeddings.opening import open_database
from embeddings.text.article import Article


class KnownTexts:
    """The articles and texts that are in a library at the time of each call."""

    def __init__(self, path: Path, load: Callable[[], Encoder], database_url: str | None = None) -> None:
        """Open the database of a library; ``load`` returns its encoder, and the rest is as in :meth:`Library.open`."""
        encoder = load()
        self._dimension = encoder.fingerprint.dimension
        self._database, _ = open_database(path, encoder, create=False, url=database_url)

    def unchanged(self, articles: Sequence[Article]) -> list[bool]:
        """Return for each article whether adding it would change nothing."""
        with self._database.snapshot() as snapshot:
            return [bool(snapshot.find_unchanged(snapshot.with_stored_id(article))) for article in articles]

    def encoded(self, digests: Sequence[bytes]) -> set[bytes]:
        """Return those digests whose texts have a vector."""
        with self._database.snapshot() as snapshot:
            return set(snapshot.vectors_by_digest(digests, self._dimension))
