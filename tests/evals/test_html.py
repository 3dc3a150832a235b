"""The three sets of web pages, each as small as its layout allows."""

import gzip
import json
from pathlib import Path

import pytest

from evals.data.web_pages import SETS
from evals.errors import DataMissing
from evals.html import main, measure, read_here, scores, summary

STORY = "The bridge over the river opened to traffic this week, and thousands of people walked across it in the rain. "
PAGE = (
    "<html><head><title>Bridge opens</title><meta name='author' content='Ingrid Moe'></head><body>"
    f"<nav>Home</nav><article><h1>Bridge opens</h1><p>{STORY * 3}</p></article></body></html>"
)


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A folder with the three sets, of one page each."""
    written = {
        "article-extraction-benchmark/ground-truth.json": json.dumps({"a": {"articleBody": STORY * 3}}),
        "trafilatura/tests/evaldata.json": json.dumps(
            {
                "https://example.org/a": {
                    "file": "a.html",
                    "with": [STORY.strip()],
                    "without": ["Home"],
                    "title": "Bridge opens",
                    "author": "Ingrid Moe",
                }
            }
        ),
        "trafilatura/tests/eval/a.html": PAGE,
        "readability/test/test-pages/a/source.html": PAGE,
        "readability/test/test-pages/a/expected.html": f"<div><p>{STORY * 3}</p><img alt='A bridge'></div>",
        "readability/test/test-pages/a/expected-metadata.json": json.dumps(
            {"title": "Bridge opens", "byline": "By Ingrid Moe"}
        ),
    }
    for name, content in written.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "article-extraction-benchmark/html").mkdir()
    (tmp_path / "article-extraction-benchmark/html/a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    return tmp_path


@pytest.mark.parametrize("name", SETS)
def test_a_page_that_is_read_whole_scores_one(sets: Path, name: str) -> None:
    pages = list(SETS[name](sets / name))
    figures = measure(pages, read_here)
    assert scores(pages, figures) == (1, 1, 1)
    if name != "article-extraction-benchmark":
        assert summary(pages, figures).endswith("titles 1 of 1  authors 1 of 1")


def test_the_command_prints_both_halves_beside_trafilatura(
    sets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_HTML_SETS", str(sets))
    monkeypatch.setattr("sys.argv", ["html", "readability"])
    main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "readability"
    assert [line.split()[0] for line in lines[1:]] == ["this"] * 3 + ["trafilatura"] * 3


def test_without_the_sets_the_command_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSISTANT_HTML_SETS", raising=False)
    with pytest.raises(DataMissing, match="sets of web pages"):
        main()
