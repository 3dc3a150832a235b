"""Everything that finds text: articles → passages → vectors → indexes. :class:`Library` is its face."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embeddings.encoder import Encoder as Encoder
    from embeddings.encoder import load_encoder as load_encoder
    from embeddings.filters import Filters as Filters
    from embeddings.library import Library as Library
    from embeddings.outcome import Outcome as Outcome
    from embeddings.retrieval.search import Hit as Hit
    from embeddings.text.article import Article as Article
    from embeddings.text.article import Span as Span
    from embeddings.text.passage import StoredPassage as StoredPassage

_HOMES = {
    "Article": "text.article",
    "Encoder": "encoder",
    "Filters": "filters",
    "Hit": "retrieval.search",
    "Library": "library",
    "Outcome": "outcome",
    "StoredPassage": "text.passage",
    "Span": "text.article",
    "load_encoder": "encoder",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    """Load a module when something of it is first asked for: the library brings FAISS and tantivy with it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
