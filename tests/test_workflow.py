"""What runs elsewhere, on a pushed commit or before one, runs what runs here."""

import re
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

HOUSE = Path(__file__).parents[1]
TEMPLATES = sorted((HOUSE / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def read(name: str) -> Any:
    return yaml.load((HOUSE / name).read_text("utf-8"), Loader=yaml.BaseLoader)  # strings alone: `on` is no truth


def test_the_workflow_runs_what_is_run_here() -> None:
    jobs = read(".github/workflows/ci.yml")["jobs"]
    scripts = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    ours = [script.removeprefix("bash ") for script in scripts if script.startswith("bash ")]
    assert ours == [".ci/run", ".ci/wheel"]
    assert [script for script in ours if not (HOUSE / script).is_file()] == []


def test_the_workflow_may_only_read_and_runs_for_every_change() -> None:
    workflow = read(".github/workflows/ci.yml")
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow["on"]) == {"push", "pull_request"}


def test_every_python_that_is_promised_is_tried() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    tried = read(".github/workflows/ci.yml")["jobs"]["wheel"]["strategy"]["matrix"]["python"]
    assert project["requires-python"] == f">={tried[0]}"


def test_ci_checks_tests_and_builds_the_documentation() -> None:
    script = (HOUSE / ".ci" / "run").read_text("utf-8")
    targets = re.findall(r"^(\w+):", (HOUSE / "Makefile").read_text("utf-8"), re.MULTILINE)
    (made,) = [words.split() for words in re.findall(r"^make --jobs --\S+ ([a-z ]+)", script, re.MULTILINE)]
    assert made == ["check", "docs", "test"]
    assert set(made) <= set(targets)


def test_the_hooks_before_a_commit_are_programs_of_the_environment() -> None:
    check = (HOUSE / "Makefile").read_text("utf-8")
    for hook in chain.from_iterable(repo["hooks"] for repo in read(".pre-commit-config.yaml")["repos"]):
        program, command = hook["entry"].split()[:2]
        assert program == ".venv/bin/ruff"
        assert f"$(BIN)/ruff {command}" in check


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_for_issues_is_one(template: Path) -> None:
    form = read(str(template.relative_to(HOUSE)))
    if template.stem == "config":
        assert form == {"blank_issues_enabled": "true"}
    else:
        assert {"name", "description", "body"} == set(form)
        assert all(field["attributes"]["label"] for field in form["body"])
