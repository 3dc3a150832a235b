"""Errors of measuring, below the root in ``embeddings.errors``; what only an extra brings is in ``assistant.errors``.

ArticleAssistantError
└── EvalError             something that was to be measured cannot be
    ├── DataMissing           the data of a suite is not on this machine
    └── MalformedQuestions    a line of a questions file cannot be used
"""

from embeddings.errors import ArticleAssistantError


class EvalError(ArticleAssistantError):
    """Something that was to be measured cannot be."""

    code = "eval_error"


class DataMissing(EvalError):
    """The data of a suite is not on this machine."""

    code = "data_missing"


class MalformedQuestions(EvalError):
    """A line of a questions file cannot be used."""

    code = "malformed_questions"
