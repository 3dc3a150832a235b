"""Errors of measuring, below the root in ``embeddings.errors``.

ArticleAssistantError
└── EvalError             something that was to be measured cannot be
    ├── DataMissing           the data of a suite is not on this machine
    ├── ExtraMissing          a package that only the evals need is not installed
    └── MalformedQuestions    a line of a questions file cannot be used
"""

from embeddings.errors import ArticleAssistantError


class EvalError(ArticleAssistantError):
    """Something that was to be measured cannot be."""

    code = "eval_error"


class DataMissing(EvalError):
    """The data of a suite is not on this machine."""

    code = "data_missing"


class ExtraMissing(EvalError):
    """A package that only the evals need is not installed."""

    code = "extra_missing"

    def __init__(self, package: str) -> None:
        super().__init__(
            f"{package} is not installed.",
            expected=f"the package {package}, which only the evals need",
            got="no such package",
            hint='Install it with `pip install "cited-articles[evals]"`.',
        )


class MalformedQuestions(EvalError):
    """A line of a questions file cannot be used."""

    code = "malformed_questions"
