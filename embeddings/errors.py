"""The root of the error tree, and the errors of finding text.

    ArticleAssistantError
    ├── InvalidInput          a value that can never be right: empty question, top_k of 0, lone surrogate
    ├── ArticleNotFound       no article has this id
    ├── TookTooLong           work that ran into its time limit
    ├── LibraryError          the folder that holds the articles
    │   ├── LibraryUnreadable     its database is not a database, or is damaged
    │   ├── LibraryMismatch       it was made with another encoder or a newer version
    │   ├── LibraryBusy           another process is writing to it
    │   └── LibraryFull           there is no room left on its disk
    └── EncoderUnavailable    the model is not there, or its weights are not the published ones

``assistant.errors`` adds the errors of reading and answering below the same root. Errors know nothing of HTTP or
exit codes: the doors map classes to those.
"""

from typing import ClassVar


class ArticleAssistantError(Exception):
    """Something a person can act on: what was expected, what came, and what to do next.

    ``code`` is stable and meant for programs; the other parts are sentences meant for people.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, expected: str, got: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.got = got
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} Expected {self.expected}; got {self.got}. {self.hint}"


class InvalidInput(ArticleAssistantError):
    """A value that can never be right, whatever the library holds."""

    code = "invalid_input"


class ArticleNotFound(ArticleAssistantError):
    """No article in the library has the id that was asked for."""

    code = "article_not_found"

    def __init__(self, article_id: str) -> None:
        super().__init__(
            "There is no such article.",
            expected="the id of an article in this library",
            got=repr(article_id[:80]),
            hint="List the ids with `assistant list` or GET /articles.",
        )


class TookTooLong(ArticleAssistantError):
    """Work that ran into its time limit."""

    code = "took_too_long"

    def __init__(self, what: str, seconds: float, hint: str) -> None:
        super().__init__(
            f"{what} took too long.", expected=f"at most {seconds:g} seconds", got="no end by then", hint=hint
        )


class LibraryError(ArticleAssistantError):
    """The folder that holds the articles cannot be used as it is."""

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
    """There is no room left on the library's disk."""


class EncoderUnavailable(ArticleAssistantError):
    """The encoder's model is not there, or its weights are not the published ones."""

    code = "encoder_unavailable"
