"""Errors between processes."""

import pickle

import pytest

from embeddings.errors import ArticleAssistantError, ArticleNotFound, ExtraMissing, InvalidInput


@pytest.mark.parametrize(
    "error",
    [
        ArticleNotFound("a1"),
        ExtraMissing("ray", "ray.data"),
        InvalidInput("No.", expected="this", got="that", hint="Do it."),
    ],
    ids=lambda error: error.code,
)
def test_an_error_is_the_same_in_another_process(error: ArticleAssistantError) -> None:
    other = pickle.loads(pickle.dumps(error))
    assert (type(other), str(other), other.args, vars(other)) == (type(error), str(error), error.args, vars(error))
