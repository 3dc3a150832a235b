"""Every example runs as it stands, and the documentation shows it as it stands."""

import json
import re
import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.serving import Server

HOUSE = Path(__file__).parents[2]
EXAMPLES = HOUSE / "docs" / "examples"
SHOWN = re.compile(r"<!-- (examples/[\w.]+) -->\n```\w+\n(.*?)```", re.DOTALL)
PRINTED = re.compile(r"^article (\w+)\[(\d+):(\d+)\] == (.+)$", re.MULTILINE)

Run = Callable[[str], str]


@pytest.fixture
def run(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs an example as a person would, from the project's folder; what it printed."""

    def run(name: str) -> str:
        monkeypatch.chdir(HOUSE)
        monkeypatch.setenv("ASSISTANT_BASE_URL", server.url)
        monkeypatch.setenv("ASSISTANT_LIBRARY", str(tmp_path / "library"))
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize(
    "name",
    [
        "anthropic_tools.py",
        "check_draft.py",
        "langchain_agent.py",
        "openai_client.py",
        "openai_tools.py",
        "python_api.py",
    ],
)
def test_an_example_arrives_at_the_exact_characters_of_the_article(run: Run, server: Server, name: str) -> None:
    cited = PRINTED.findall(run(name))
    assert cited
    for article, start, end, quote in cited:
        text = server.http.get(f"/articles/{article}").json()["text"]
        assert repr(text[int(start) : int(end)]) == quote


def test_the_client_of_openai_is_shown_a_reply_with_footnotes(run: Run) -> None:
    printed = run("openai_client.py")
    assert "on Saturday" in printed
    assert re.search(r"^reply\[0:\d+\] is from http://www\.news\.com\.au/\S+#:~:text=", printed, re.MULTILINE)
    reply, streamed = printed.split("\n\nreply[")[0], printed.split("Streamed: ")[1]
    assert streamed.strip() == reply


def test_the_python_example_answers_and_abstains(run: Run) -> None:
    printed = run("python_api.py")
    assert "added: US ends talks with Russia" in printed
    assert "The article says so there: True" in printed
    assert "Abstained: True, because no" in printed


def test_the_langchain_example_ends_with_the_models_words(run: Run) -> None:
    assert run("langchain_agent.py").startswith("They last spoke on Saturday.\n")


def test_curl_alone_is_enough(server: Server) -> None:
    printed = subprocess.run(
        [EXAMPLES / "curl.sh"], capture_output=True, text=True, check=True, env={"ASSISTANT_BASE_URL": server.url}
    )
    answer, found, completion = map(json.loads, printed.stdout.strip().split("\n"))
    citations = completion["choices"][0]["message"]["citations"]
    assert answer["citations"] == citations
    assert [citation["quote"] for citation in citations] == [sentence["text"] for sentence in answer["sentences"]]
    assert len(found["passages"]) == 2


def test_the_documentation_shows_every_example_as_it_runs() -> None:
    shown = dict(match for page in EXAMPLES.parent.glob("*.md") for match in SHOWN.findall(page.read_text("utf-8")))
    written = {f"examples/{path.name}": path.read_text("utf-8") for path in EXAMPLES.iterdir() if path.is_file()}
    assert shown == written
