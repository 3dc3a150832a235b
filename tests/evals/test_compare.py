from pathlib import Path

import pytest

from evals.compare import ROWS, main
from evals.result import SuiteResult
from tests.evals.examples import figure, run

NAME = ROWS[0][1]


def keep(path: Path, value: float, name: str = NAME) -> None:
    measured = run(SuiteResult(suite="reading", figures=(figure(name, value, low=0.1, high=0.9),)))
    path.write_text(measured.model_dump_json(), encoding="utf-8")


def test_figures_of_two_folders_stand_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tmp_path / "before"
    before.mkdir()
    keep(tmp_path / "1.json", 0.3)
    keep(tmp_path / "2.json", 0.4)
    keep(tmp_path / "3.json", 0.5, ROWS[1][1])
    keep(before / "1.json", 0.2)
    main([before, tmp_path])
    *_, first, second = capsys.readouterr().out.splitlines()
    assert first == f"| {ROWS[0][0]} | 0.200 (0.100 – 0.900) | 0.400 (0.100 – 0.900) |"
    assert second == f"| {ROWS[1][0]} |  | 0.500 (0.100 – 0.900) |"
