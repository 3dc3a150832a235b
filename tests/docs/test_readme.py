"""What the README shows is what happens."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Server

HOUSE = Path(__file__).parents[2]
README = (HOUSE / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def console(command: str) -> tuple[str, str]:
    """The one command of the README that begins so, and what it prints there."""
    (found,) = [block for block in blocks("console") if block.startswith(f"$ {command}")]
    line, _, printed = found.partition("\n")
    return line.removeprefix("$ "), printed


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the seeds in it, as the README supposes."""
    (tmp_path / "seeds").symlink_to(HOUSE / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_first_command_prints_what_the_readme_shows(elsewhere: Path) -> None:
    run = [sys.executable, "-m", "assistant"]
    recipe = re.findall(r"\$\(BIN\)/assistant (.+)", (HOUSE / "Makefile").read_text(encoding="utf-8"))
    question = re.search(r"^Q \?= (.+)$", (HOUSE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipe[0] == "add seeds --quiet"
    assert question
    subprocess.run([*run, "add", "seeds", "--quiet"], check=True)
    printed = subprocess.run([*run, "ask", question.group(1)], check=True, capture_output=True, text=True)
    assert printed.stdout == console("make ask")[1]


def test_the_http_call_replies_what_the_readme_shows(server: Server) -> None:
    command, _ = console("curl")
    words = shlex.split(command)
    reply = server.http.post("/ask", json=json.loads(words[words.index("-d") + 1])).text
    shown = json.loads(blocks("json")[0])
    came = shortened(json.loads(reply.replace(server.url, "http://127.0.0.1:8000")))
    # The other tests' articles are in this library too, and what else was read changes how sure an answer is.
    assert came.pop("confidence") == pytest.approx(shown.pop("confidence"), abs=0.1)
    assert came == shown


def shortened(reply: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in reply.items() if name not in {"id", "passages", "timings_ms"}}


def test_the_python_example_runs(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python")
    exec(compile(example, "README.md", "exec"), {})
    assert capsys.readouterr().out.splitlines()[-1].startswith("added US ends talks with Russia")


def test_every_command_of_the_readme_exists() -> None:
    commands = set(re.findall(r"^\$ \.venv/bin/assistant (\w+)", README, re.MULTILINE))
    shown = subprocess.run([sys.executable, "-m", "assistant", "--help"], check=True, capture_output=True, text=True)
    assert commands
    assert commands <= set(re.findall(r"[a-z-]+", shown.stdout))


def test_every_link_into_the_repository_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (HOUSE / link).exists()] == []
