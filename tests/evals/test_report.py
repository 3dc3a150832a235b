import re
from html.parser import HTMLParser
from pathlib import Path

from evals.baseline import Baseline, judge
from evals.report import render, write
from evals.result import Run
from tests.evals.examples import rich_run

VOID = {"meta", "br", "hr", "img", "link"}


class Nesting(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(*faults: str) -> str:
    finished = rich_run()
    return render(finished, judge(finished, Baseline().accept(finished)), faults)


def test_the_page_has_no_scripts_and_loads_nothing() -> None:
    html = page()
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|src=", html)
    assert set(re.findall(r'href="([^"]*)"', html)) == {"http://127.0.0.1:8000/read/abc#c=1-9"}


def test_texts_of_articles_and_questions_are_escaped() -> None:
    html = page()
    assert "Who &lt;b&gt;fled&lt;/b&gt;?" in html
    assert "<b>fled" not in html
    assert "javascript:" not in html
    assert "<i>" not in page("<i>a fault</i>")


def test_every_tag_is_closed_where_it_belongs() -> None:
    nesting = Nesting()
    nesting.feed(page("a fault"))
    assert nesting.open == []


def test_the_page_has_the_headlines_the_charts_the_failures_and_the_versions() -> None:
    html = page()
    assert html.count('class="card"') == 3
    assert html.count("<svg") == 3
    assert "62% answered" in html
    assert html.count('class="miss"') == 2
    assert "not run" in html
    assert "0" * 64 in html


def test_the_page_says_why_the_gate_fails() -> None:
    assert "The gate is shut." in page("seed.handled_well is 0.1")
    assert "seed.handled_well is 0.1" in page("seed.handled_well is 0.1")
    assert "hold their bounds" in page()


def test_the_json_beside_the_page_is_the_run(tmp_path: Path) -> None:
    finished = rich_run()
    html = write(finished, judge(finished, Baseline()), [], tmp_path / "new")
    assert Run.model_validate_json(html.with_name("report.json").read_text(encoding="utf-8")) == finished
