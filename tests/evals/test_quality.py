from pathlib import Path

import pytest

from evals.errors import EvalError
from evals.quality import PAGES, ROOT, fill_section, headlines, read_results, tables, write
from evals.result import SuiteResult
from tests.evals.examples import figure, run

SCIFACT = SuiteResult(
    suite="retrieval-scifact", figures=(figure("retrieval-scifact.bm25.nDCG@10", 0.68),), sample="all"
)
START, END = "<!-- quality:start -->", "<!-- quality:end -->"


def test_only_text_between_the_comments_is_replaced() -> None:
    text = f"before\n{START}\nwhat stood here\n{END}\nafter\n"
    new = fill_section(text, "quality", "new")
    assert new == f"before\n{START}\n\nnew\n\n{END}\nafter\n"
    assert fill_section(new, "quality", "new") == new


def test_published_figures_are_shown_with_ours_and_both_samples() -> None:
    text = tables([run(SCIFACT)])
    assert "| BM25 (Anserini flat) | 0.679 | SciFact test, 300 claims, 5,183 abstracts (BEIR) | **0.680**" in text
    assert "`assistant eval`, 2026-01-02" in text
    assert "| MiniLM-L12 |" not in text


def test_a_later_run_of_a_suite_replaces_an_earlier_one() -> None:
    later = SCIFACT.model_copy(update={"figures": (figure("retrieval-scifact.bm25.nDCG@10", 0.5),)})
    assert "0.680" not in tables([run(SCIFACT), run(later)])


def test_the_headlines_are_five_figures_that_the_tables_have_too() -> None:
    values = [line.split("|")[2:5] for line in headlines(read_results()).splitlines()[2:]]
    among = [line.split("|")[2:5] for line in tables(read_results()).splitlines()]
    assert len(values) == 5
    assert [value for value in values if value not in among] == []


def test_a_share_of_zero_has_a_confidence_interval() -> None:
    left = figure("judged.unsupported_left", 0).model_copy(update={"low": 0, "high": 0, "count": 228})
    result = SuiteResult(suite="judged", figures=(left,), sample="all")
    assert "| **0.000** | 0.000 – 0.016 |" in headlines([run(result)])


@pytest.mark.parametrize("text", ["nothing", START, END])
def test_a_page_without_a_place_for_the_figures_is_refused(text: str) -> None:
    with pytest.raises(EvalError, match="no place"):
        fill_section(text, "quality", "new")


def test_outside_a_clone_the_error_says_where_the_figures_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="in a clone"):
        write(tmp_path)


@pytest.mark.parametrize("name", PAGES)
def test_the_documentation_says_what_the_kept_results_say(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert fill_section(text, "quality", PAGES[name](read_results())) == text, "run `assistant eval --write-docs`"
