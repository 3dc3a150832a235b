"""Errors of reading articles and answering, below the root in ``embeddings.errors``.

ArticleAssistantError
├── …                     the errors of libraries and searches
├── PageNotFound          the article has no such page to show
├── CitationOutdated      the cited characters were edited since
├── LanguageModelError    the language model's server failed; the answer is made without it
├── ReaderUnavailable     the reader's weights cannot be loaded
├── ClusterFailed         the Ray cluster cannot be reached, or does not do its work
└── SourceError           a file or text cannot be read as an article
    ├── SourceMissing         the path does not exist
    ├── SourceTooLarge        it is over the size limit
    ├── UnknownKind           it is of a kind that cannot be read
    ├── FetchError            it cannot or may not be fetched from the web
    │   ├── AddressRefused        its address is not one of the public web
    │   ├── RobotsRefused         its site asks programs not to fetch it
    │   ├── TooManyRedirects      it leads on and on to other addresses
    │   ├── FetchTooLarge         it has too many bytes, packed or unpacked
    │   ├── FetchTooSlow          it did not come whole within the time limit
    │   ├── PageKindUnknown       it is of a type that is not read
    │   └── ServerFailed          its server cannot be reached, breaks off or replies with an error
    │       └── PageGone              its server says that it is not there
    └── MalformedSource       it is not what its kind promises, or is empty
"""

from embeddings.errors import ArticleAssistantError


class PageNotFound(ArticleAssistantError):
    """The article has no such page to show."""

    code = "page_not_found"

    def __init__(self, article_id: str, page: int, pages: object) -> None:
        super().__init__(
            "There is no such page.",
            expected=f"a page from 1 to {pages}" if pages else "an article whose PDF document is in the library",
            got=f"page {page} of article {article_id}",
            hint="A citation's `page` says on which page it stands; articles without pages have none.",
        )


class CitationOutdated(ArticleAssistantError):
    """The cited characters were edited since."""

    code = "citation_outdated"

    def __init__(self, article_id: str, quote: str) -> None:
        super().__init__(
            "The article no longer says this there.",
            expected=f"the text {quote[:80]!r} in article {article_id}",
            got="other characters in its place",
            hint="Ask again, or find the quote's present place with POST /verify.",
        )


class LanguageModelError(ArticleAssistantError):
    """The language model's server failed. ``reason`` completes the sentence "The language model …"."""

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
    """The reader's weights cannot be loaded."""

    code = "reader_unavailable"


class ClusterFailed(ArticleAssistantError):
    """The Ray cluster cannot be reached, or does not do its work."""

    code = "cluster_failed"

    def __init__(self, expected: str, got: str, hint: str) -> None:
        super().__init__("The Ray cluster cannot be used.", expected=expected, got=got, hint=hint)


class SourceError(ArticleAssistantError):
    """A file or text cannot be read as an article."""

    code = "source_error"


class SourceMissing(SourceError):
    """The path does not exist."""

    code = "source_missing"


class SourceTooLarge(SourceError):
    """The file or text is over the size limit."""

    code = "too_large"


class UnknownKind(SourceError):
    """The file is of a kind that cannot be read."""

    code = "unknown_kind"


class FetchError(SourceError):
    """The page cannot be fetched from the web, or may not be."""

    code = "fetch_failed"


class AddressRefused(FetchError):
    """The address is not one of the public web: another scheme, a user name in it, or a private host."""

    code = "address_refused"


class RobotsRefused(FetchError):
    """The site asks programs not to fetch the page."""

    code = "robots_refused"


class TooManyRedirects(FetchError):
    """The page leads on and on to other addresses."""

    code = "too_many_redirects"


class FetchTooLarge(FetchError):
    """The page has too many bytes, as it comes or unpacked."""

    code = "fetch_too_large"


class FetchTooSlow(FetchError):
    """The page did not come whole within the time limit."""

    code = "fetch_too_slow"


class PageKindUnknown(FetchError):
    """The page is of a type, or packed in a way, that is not read."""

    code = "page_kind_unknown"


class ServerFailed(FetchError):
    """The page's server cannot be reached, breaks off, or replies with an error."""

    code = "server_failed"


class PageGone(ServerFailed):
    """The page's server says that it is not there."""

    code = "page_gone"


class MalformedSource(SourceError):
    """The file is not what its kind promises, or is empty."""

    code = "malformed_source"
