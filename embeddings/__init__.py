"""Storage and retrieval of text: articles → passages → vectors → indexes. :class:`Library` is the public interface."""

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

_MODULES = {
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
__all__ = list(_MODULES)


def __getattr__(name: str) -> object:
    """Import a module when one of its names is first used, because the library imports FAISS and tantivy."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
