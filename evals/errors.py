"""Errors of evaluation, subclasses of ``embeddings.errors.ArticleAssistantError``.

ArticleAssistantError
└── EvalError             something cannot be measured
    ├── DataMissing           the data of a suite is not on this machine
    └── MalformedQuestions    a line of a questions file is not valid
"""

from embeddings.errors import ArticleAssistantError


class EvalError(ArticleAssistantError):
    """Something cannot be measured."""

    code = "eval_error"


class DataMissing(EvalError):
    """The data of a suite is not on this machine."""

    code = "data_missing"


class MalformedQuestions(EvalError):
    """A line of a questions file is not valid."""

    code = "malformed_questions"
