"""The generative suite with a scripted language model."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from evals.context import Context
from evals.metrics.facts import unsupported_tokens
from evals.result import Figure
from evals.suites.generative import GenerativeSuite
from tests.evals.broken import always_answers, healthy
from tests.evals.tiny_data import data_folder
from tests.model_server import ModelServer, model_server, writes

TRUE = "The castle of Kraków was built in 1320."


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server(writes(f"{TRUE} The castle of Kraków was built in 1321.")) as server:
        yield server


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    place, data = tmp_path_factory.mktemp("libraries"), data_folder(tmp_path_factory.mktemp("data"))
    return Context(open=healthy, open_forced=always_answers, cache_folder=place, data=data, full=True)


@pytest.fixture(scope="module")
def suite(server: ModelServer) -> GenerativeSuite:
    @contextmanager
    def served() -> Iterator[str]:
        yield server.url

    return GenerativeSuite(served, on_seed=2)


@pytest.fixture(scope="module")
def figures(suite: GenerativeSuite, context: Context, few_resamples: None) -> dict[str, Figure]:
    return {figure.name: figure for figure in suite.run(context).figures}


def test_unsupported_sentences_are_counted_before_and_after_the_check(figures: dict[str, Figure]) -> None:
    assert figures["generative.unfounded_written"].count > figures["generative.unfounded_left"].count > 0
    assert figures["generative.unfounded_written"].value > 0
    assert figures["generative.unfounded_left"].value == 0


def test_saved_replies_are_judged_again_without_the_model(
    figures: dict[str, Figure], suite: GenerativeSuite, context: Context, server: ModelServer
) -> None:
    asked = len(server.asked)
    assert {figure.name: figure for figure in suite.run(context).figures} == figures
    assert len(server.asked) == asked > 0


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It was founded in Warsaw in 1816.", []),
        ("It was founded in Warsaw in 1817.", ["1817"]),
        ("It was founded in Berlin.", ["Berlin"]),
        ("Warsaw has two universities since May.", ["two", "May"]),
        ("Warsaw’s university was founded on Monday.", ["Monday"]),
    ],
)
def test_facts_that_the_source_spells_differently_are_unsupported(sentence: str, found: list[str]) -> None:
    assert (
        unsupported_tokens(sentence, "Warsaw is the capital. Its university, in Warsaw, was founded in 1816.") == found
    )
