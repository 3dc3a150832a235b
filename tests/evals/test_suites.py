from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pytest

from evals.context import Context
from evals.result import Run
from evals.runner import configuration, run
from evals.suites import SUITES
from tests.evals.broken import SETTINGS, always_answers, healthy
from tests.evals.tiny_data import data_folder

T = TypeVar("T")
# Dialogues over Reuters articles name places in them, which cannot be invented; the other suite needs a language model.
ELSEWHERE = {"followups-reuters", "followups-news", "generative"}
TAKEN_FROM_A_FOLDER = [s for s in SUITES if not s.ships and s.name not in ELSEWHERE]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, few_resamples: None) -> Run:
    context = Context(
        open=healthy,
        open_forced=always_answers,
        cache_folder=tmp_path_factory.mktemp("libraries"),
        data=data_folder(tmp_path_factory.mktemp("data")),
        full=True,
        configuration=configuration(SETTINGS),
    )
    return run(TAKEN_FROM_A_FOLDER, context, command="assistant eval --full")


def test_every_suite_measures_the_data_of_its_folder(finished: Run) -> None:
    for result in finished.results:
        assert result.status == "measured", result.notes
        assert result.figures
        assert result.data
        assert result.sample


def test_figures_have_unique_names_and_are_within_their_intervals(finished: Run) -> None:
    figures = [figure for result in finished.results for figure in result.figures]
    assert len({figure.name for figure in figures}) == len(figures)
    for figure in figures:
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low - 1e-9 <= figure.value <= figure.high + 1e-9


def test_on_three_clearly_different_texts_every_stage_finds_the_right_one(finished: Run) -> None:
    figures = {figure.name: figure.value for result in finished.results for figure in result.figures}
    for stage in ("dense", "bm25", "fused", "one_vector"):
        assert figures[f"retrieval-scifact.{stage}.RR@10"] == 1.0


def test_every_citation_of_every_suite_is_exact(finished: Run) -> None:
    exact = [f for result in finished.results for f in result.figures if f.name.endswith("citations_exact")]
    assert len(exact) == 6
    assert all(figure.value == 1.0 for figure in exact)


def test_a_cached_library_is_reused_for_the_same_articles(tmp_path: Path, few_resamples: None) -> None:
    labels = []

    def track(items: Iterable[T], label: str, total: int) -> Iterable[T]:
        labels.append(label)
        return items

    context = Context(
        open=healthy,
        open_forced=always_answers,
        cache_folder=tmp_path / "libraries",
        data=data_folder(tmp_path),
        configuration=configuration(SETTINGS),
        track=track,
    )
    suite = next(suite for suite in SUITES if suite.name == "retrieval-squad")
    first, second = (suite.run(context) for _ in range(2))
    assert first == second
    assert [label for label in labels if "encoding" in label] == ["squad-paragraphs: encoding articles"]
