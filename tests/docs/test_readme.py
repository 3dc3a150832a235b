"""What README and the pages about HTTP show is what happens."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.doors.cli import app
from assistant.reading import base_model
from tests.docs.commands import parsed
from tests.serving import Server

HOUSE = Path(__file__).parents[2]
README = (HOUSE / "README.md").read_text(encoding="utf-8")
HTTP = (HOUSE / "docs" / "http.md").read_text(encoding="utf-8")
SHELL = re.compile(r"^```(?:console|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A line that runs the program, after its variables and up to a redirection.
COMMAND = re.compile(r"^(?:\$ )?(?:\w+=\S+ )*(?:\S*/)?assistant ([^>|\n]+)", re.MULTILINE)


def blocks(language: str, page: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def console(command: str, page: str = README) -> tuple[str, str]:
    """The one command of a page that begins so, and what it prints there."""
    (found,) = [block for block in blocks("console", page) if block.startswith(f"$ {command}")]
    line, _, printed = found.partition("\n")
    return line.removeprefix("$ "), printed


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the seeds in it, as the README supposes."""
    (tmp_path / "seeds").symlink_to(HOUSE / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_first_command_prints_what_the_readme_shows(elsewhere: Path) -> None:
    recipe = re.findall(r"\$\(BIN\)/assistant (add .+)", (HOUSE / "Makefile").read_text(encoding="utf-8"))
    question = re.search(r"^Q \?= (.+)$", (HOUSE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipe[0] == "add seeds --quiet"
    assert question
    assert CliRunner().invoke(app, recipe[0].split()).exit_code == 0
    command = [sys.executable, "-m", "assistant", "ask", question.group(1)]
    # `make ask` installs the careful reader; the small one answers the same with another confidence.
    environment = os.environ | ({"ASSISTANT_READER": "careful"} if base_model.is_installed() else {})
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    shown = console("make ask")[1]
    assert without_confidence(printed) == without_confidence(shown)
    said, told = (int(re.findall(r"^Confidence (\d+)%$", text, re.MULTILINE)[0]) for text in (printed, shown))
    # In another precision or batch the fourth digit differs, and so may the rounded percentage.
    assert abs(said - told) <= 1 or not base_model.is_installed()


def without_confidence(printed: str) -> str:
    return re.sub(r"^Confidence \d+%$", "", printed, flags=re.MULTILINE)


@pytest.mark.parametrize("page", [README, HTTP], ids=["README", "http"])
def test_the_http_call_replies_what_the_page_shows(server: Server, page: str) -> None:
    command, _ = console("curl", page)
    words = shlex.split(command)
    reply = server.http.post("/ask", json=json.loads(words[words.index("-d") + 1])).text
    shown = json.loads(blocks("json", page)[0])
    came = json.loads(reply.replace(server.url, "http://127.0.0.1:8000"))
    # The other tests' articles are in this library too, and what else was read changes how sure an answer is.
    assert came.pop("confidence") == pytest.approx(shown.pop("confidence"), abs=0.1)
    assert excerpt(came, shown) == shown
    if page is HTTP:
        assert came.keys() - shown.keys() == {"id", "passages", "timings_ms"}
        assert came["citations"][0].keys() == shown["citations"][0].keys()


def excerpt(came: Any, shown: Any) -> Any:
    """Of what came the fields that are shown; lists are shown whole."""
    if isinstance(shown, dict):
        return {name: excerpt(came[name], part) for name, part in shown.items()}
    if isinstance(shown, list):
        return [excerpt(one, part) for one, part in zip(came, shown, strict=True)]
    return came


def test_the_python_example_runs(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python")
    exec(compile(example, "README.md", "exec"), {})
    assert capsys.readouterr().out.splitlines()[-1].startswith("added US ends talks with Russia")


def test_the_program_takes_every_command_that_the_documentation_shows() -> None:
    pages = [HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md"))]
    shown = [block for page in pages for block in SHELL.findall(page.read_text("utf-8"))]
    commands = [found for block in shown for found in COMMAND.findall(block.replace("\\\n", " "))]
    assert len(commands) > 15
    for command in commands:
        parsed(shlex.split(command, comments=True))


def test_the_readme_is_read_in_a_few_minutes() -> None:
    assert len(README.splitlines()) <= 150


def test_every_link_into_the_repository_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (HOUSE / link).exists()] == []
