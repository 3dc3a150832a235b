"""The suite with a language model that writes to order."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from evals.context import Context
from evals.metrics.facts import unfounded
from evals.result import Result
from evals.suites.generative import Generative
from tests.evals.broken import always_answers, healthy
from tests.evals.tiny_data import data_folder
from tests.model_server import model_server, writes

TRUE = "The university of Warsaw was founded in 1816."


@contextmanager
def scripted() -> Iterator[str]:
    with model_server(writes(f"{TRUE} The university of Warsaw was founded in 1817.")) as server:
        yield server.url


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    place, data = tmp_path_factory.mktemp("libraries"), data_folder(tmp_path_factory.mktemp("data"))
    context = Context(open=healthy, open_bold=always_answers, workplace=place, data=data, full=True)
    return Generative(scripted, on_seed=2).run(context)


def test_what_was_made_up_is_counted_and_so_is_what_of_it_left(result: Result) -> None:
    figures = {figure.name: figure for figure in result.figures}
    assert figures["generative.unfounded_written"].count > figures["generative.unfounded_left"].count > 0
    assert figures["generative.unfounded_written"].value > 0
    assert figures["generative.unfounded_left"].value == 0


def test_the_sentences_that_were_read_are_judged_again(result: Result) -> None:
    figures = {figure.name: figure for figure in result.figures}
    read = figures["generative.read.unsupported_left"].count + figures["generative.read.supported_lost"].count
    assert read >= 100
    assert figures["generative.read.unsupported_left"].value == 0


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (TRUE, []),
        ("It was founded in Warsaw in 1817.", ["1817"]),
        ("It was founded in Berlin.", ["Berlin"]),
        ("Warsaw has two universities since May.", ["two", "May"]),
        ("Warsaw’s university was founded on Monday.", ["Monday"]),
    ],
)
def test_the_written_rule_wants_every_fact_letter_for_letter(sentence: str, found: list[str]) -> None:
    assert unfounded(sentence, "Warsaw is the capital. Its university, in Warsaw, was founded in 1816.") == found
