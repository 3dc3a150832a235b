from pathlib import Path

import pytest
from pydantic import ValidationError

import training
from training.config import Config

SHIPPED = Path(training.__file__).parent / "config.toml"


def test_the_shipped_configuration_averages_stages_that_it_has() -> None:
    config = Config.load(SHIPPED)
    assert set(config.average) < {stage.name for stage in config.stages}


def test_an_average_of_a_stage_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(SHIPPED.read_text().replace('"answerability"]', '"distillation"]'))
    with pytest.raises(ValidationError, match="stages that are not there: distillation"):
        Config.load(tmp_path / "config.toml")
