"""Errors of reading articles and answering, below the root in ``embeddings.errors``.

ArticleAssistantError
├── …                     the errors of finding text
├── ExtraMissing          a package that only an extra brings is not installed
├── CitationOutdated      the cited characters were edited since
├── LanguageModelError    the language model's server failed; answers go on without it
├── ReaderUnavailable     the reader's weights are not what they have to be
└── SourceError           something that was given to be read cannot become an article
    ├── SourceMissing         there is nothing at that path
    ├── SourceTooLarge        it is over the size limit
    ├── UnknownKind           it is not a kind of file that can be read
    └── MalformedSource       it says it is of a kind and is not, or has nothing to read
"""

from embeddings.errors import ArticleAssistantError


class ExtraMissing(ArticleAssistantError):
    """A package that only an extra brings is not installed."""

    code = "extra_missing"

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(
            f"This needs the extra `{extra}`.",
            expected="its packages to be installed",
            got=f"no package `{package}`",
            hint=f'Install them with `pip install "cited-articles[{extra}]"`.',
        )


class CitationOutdated(ArticleAssistantError):
    """The cited characters were edited since."""

    code = "citation_outdated"

    def __init__(self, article_id: str, quote: str) -> None:
        super().__init__(
            "The article no longer says this there.",
            expected=f"the text {quote[:80]!r} in article {article_id}",
            got="other characters in its place",
            hint="Ask again, or look with POST /verify where the quote stands now.",
        )


class LanguageModelError(ArticleAssistantError):
    """The language model's server failed. ``reason`` is what it did, to follow "The language model …"."""

    code = "language_model"

    def __init__(self, reason: str, got: str) -> None:
        super().__init__(
            f"The language model {reason}.",
            expected="a streamed chat completion as OpenAI's API sends it",
            got=got,
            hint="Check ASSISTANT_LLM_BASE_URL, ASSISTANT_LLM_MODEL and ASSISTANT_LLM_TIMEOUT, and the server's log.",
        )
        self.reason = reason


class ReaderUnavailable(ArticleAssistantError):
    """The reader's weights are not what they have to be."""

    code = "reader_unavailable"


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
