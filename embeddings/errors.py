"""The base class of the project's errors, and the errors of this package.

    ArticleAssistantError
    ├── InvalidInput          a value is never valid: an empty question, a top_k of 0, a lone surrogate
    │   └── UnknownFilterValue    no article has any of the sources that a filter names
    ├── ArticleNotFound       no article has this id
    ├── TookTooLong           work exceeded its time limit
    ├── LibraryError          the library's folder cannot be used
    │   ├── LibraryUnreadable     its database is not a database, or is damaged
    │   ├── LibraryMismatch       it was made with another encoder or by a newer version
    │   ├── LibraryBusy           another process is writing to it
    │   ├── LibraryFull           its disk is full
    │   └── LibraryUnreachable    its database server does not answer
    ├── IndexUnavailable      the Milvus server that has the indexes does not answer
    ├── ExtraMissing          a package of an optional extra is not installed
    └── EncoderUnavailable    the model is missing, or its weights are not the published ones

``assistant.errors`` adds the errors of reading sources and answering. HTTP status codes and exit codes are assigned to
these classes where they are needed, in ``assistant.doors``.
"""

import copyreg
from typing import Any, ClassVar


class ArticleAssistantError(Exception):
    """An error that a person can act on: what was expected, what was given, and what to do next.

    ``code`` is stable and meant for programs; the other attributes are sentences for people.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, expected: str, got: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.got = got
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        # Between processes an error is made again without its constructor, whose arguments differ from class to class.
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]

    def __str__(self) -> str:
        return f"{self.message} Expected {self.expected}; got {self.got}. {self.hint}"


class InvalidInput(ArticleAssistantError):
    """A value that is never valid, whatever the library contains."""

    code = "invalid_input"


class UnknownFilterValue(InvalidInput):
    """No article has any of the values that a filter gives for a field, so nothing could be found."""

    code = "unknown_filter_value"


class ArticleNotFound(ArticleAssistantError):
    """No article in the library has the requested id."""

    code = "article_not_found"

    def __init__(self, article_id: str) -> None:
        super().__init__(
            "There is no such article.",
            expected="the id of an article in this library",
            got=repr(article_id[:80]),
            hint="List the ids with `assistant list` or GET /articles.",
        )


class TookTooLong(ArticleAssistantError):
    """Work that exceeded its time limit."""

    code = "took_too_long"

    def __init__(self, what: str, seconds: float, hint: str) -> None:
        super().__init__(
            f"{what} took too long.", expected=f"at most {seconds:g} seconds", got="no end by then", hint=hint
        )


class LibraryError(ArticleAssistantError):
    """The library's folder cannot be used."""

    code = "library_error"


class LibraryUnreadable(LibraryError):
    """The library's database is not a database, or is damaged."""

    code = "library_unreadable"


class LibraryMismatch(LibraryError):
    """The library was made with another encoder, or by a newer version of this program."""

    code = "library_mismatch"


class LibraryBusy(LibraryError):
    """Another process is writing to the library."""

    code = "library_busy"


class LibraryFull(LibraryError):
    """The library's disk is full."""


class LibraryUnreachable(LibraryError):
    """The library's database server does not answer."""

    code = "library_unreachable"


class IndexUnavailable(ArticleAssistantError):
    """The Milvus server that has the indexes does not answer, or not as it should."""

    code = "index_unavailable"

    def __init__(self, expected: str, got: str, hint: str) -> None:
        super().__init__("The library's index in Milvus cannot be used.", expected=expected, got=got, hint=hint)


class ExtraMissing(ArticleAssistantError):
    """A package of an optional extra is not installed."""

    code = "extra_missing"

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(
            f"This needs the extra `{extra}`.",
            expected="its packages to be installed",
            got=f"no package `{package}`",
            hint=f'Install them with `pip install "cited-articles[{extra}]"`.',
        )


class EncoderUnavailable(ArticleAssistantError):
    """The encoder's model is missing, or its weights are not the published ones."""

    code = "encoder_unavailable"
