import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner
from typer.testing import Result as Ended

from assistant import Assistant
from evals.command import app
from evals.data import own
from evals.result import Run
from evals.suites import SUITES

Call = Callable[..., Ended]
pytestmark = pytest.mark.usefixtures("few_resamples")
SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def call(tmp_path: Path) -> Call:
    environment = {
        "ASSISTANT_EVAL_DATA": None,
        "ASSISTANT_EVAL_WORKPLACE": str(tmp_path / "libraries"),
        "COLUMNS": "200",
    }

    def invoke(*arguments: str) -> Ended:
        return CliRunner().invoke(app, [*arguments, "--report", str(tmp_path / "report")], env=environment)

    return invoke


@pytest.fixture
def library(tmp_path: Path) -> Path:
    with Assistant.open(tmp_path / "mine") as assistant:
        assistant.add(SEEDS)
    return tmp_path / "mine"


def test_an_unknown_suite_is_wrong_usage_and_the_known_ones_are_named(call: Call) -> None:
    ended = call("--suite", "everything")
    assert ended.exit_code == 2
    assert all(suite.name in ended.output for suite in SUITES)


def test_a_suite_without_data_is_reported_and_fails_the_gate(call: Call) -> None:
    ended = call("--suite", "reading")
    assert ended.exit_code == 0
    assert "reading: not run." in ended.output
    assert "ASSISTANT_EVAL_DATA" in ended.output
    assert call("--suite", "reading", "--gate").exit_code == 1


def test_own_questions_with_a_bad_line_fail_with_its_number(call: Call, tmp_path: Path, library: Path) -> None:
    questions = tmp_path / "my.jsonl"
    questions.write_text('{"question": "When?"}\n{"question": 7}\n', encoding="utf-8")
    ended = call("--questions", str(questions), "--library", str(library))
    assert ended.exit_code == 1
    assert "Line 2 of" in ended.output


def test_suggested_questions_are_valid_own_questions(call: Call, tmp_path: Path, library: Path) -> None:
    drafted = call("--suggest", "3", "--library", str(library))
    assert drafted.exit_code == 0
    questions = tmp_path / "my.jsonl"
    questions.write_text(drafted.stdout + '{"question": "Who won the cup?", "answerable": false}\n', encoding="utf-8")
    assert len(own.read_questions(questions)) == 4
    runs = [call("--questions", str(questions), "--library", str(library), "--json") for _ in range(2)]
    first, second = (Run.model_validate(json.loads(run.stdout)) for run in runs)
    figures = {figure.name: figure.value for figure in first.results[0].figures}
    assert figures["own.citations_exact"] == 1.0
    assert figures["own.article_found"] == 1.0
    assert first.results[0].figures == second.results[0].figures, "two runs give the same figures to the last digit"
    assert (tmp_path / "report" / "report.html").is_file()
