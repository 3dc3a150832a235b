"""Errors of reading articles and answering, below the root in ``embeddings.errors``.

ArticleAssistantError
├── …                     the errors of finding text
└── SourceError           something that was given to be read cannot become an article
├── SourceMissing         there is nothing at that path
├── SourceTooLarge        it is over the size limit
├── UnknownKind           it is not a kind of file that can be read
└── MalformedSource       it says it is of a kind and is not, or has nothing to read
"""

from embeddings.errors import ArticleAssistantError


class SourceError(ArticleAssistantError):
    """Something that was given to be read cannot become an article."""

    code = "source_error"


class SourceMissing(SourceError):
    """There is nothing at the path."""

    code = "source_missing"


class SourceTooLarge(SourceError):
    """The file or text is over the size limit."""

    code = "too_large"


class UnknownKind(SourceError):
    """The file is not of a kind that can be read."""

    code = "unknown_kind"


class MalformedSource(SourceError):
    """The file is of a known kind and still cannot be read, or has nothing in it to read."""

    code = "malformed_source"
