import pytest

from evals.errors import EvalError
from evals.readme import END, ROOT, START, kept, section, written
from evals.result import Result
from tests.evals.examples import figure, run

SCIFACT = Result(suite="retrieval-scifact", figures=(figure("retrieval-scifact.bm25.nDCG@10", 0.68),), sample="all")


def test_only_what_stands_between_the_comments_changes() -> None:
    text = f"before\n{START}\nwhat stood here\n{END}\nafter\n"
    new = written(text, [run(SCIFACT)])
    assert new.startswith(f"before\n{START}\n")
    assert new.endswith(f"\n{END}\nafter\n")
    assert "what stood here" not in new
    assert written(new, [run(SCIFACT)]) == new


def test_published_figures_stand_beside_ours_with_both_samples_and_the_machine() -> None:
    text = section([run(SCIFACT)])
    assert "| BM25 (Anserini flat) | 0.679 | SciFact test, 300 claims, 5,183 abstracts (BEIR) | **0.680**" in text
    assert "`assistant eval`, 2026-01-02" in text
    assert "MiniLM-L12" not in text


def test_a_later_run_of_a_suite_replaces_an_earlier_one() -> None:
    later = SCIFACT.model_copy(update={"figures": (figure("retrieval-scifact.bm25.nDCG@10", 0.5),)})
    assert "0.680" not in section([run(SCIFACT), run(later)])


@pytest.mark.parametrize("text", ["nothing", START, END])
def test_a_readme_without_a_place_for_it_is_refused(text: str) -> None:
    with pytest.raises(EvalError, match="no place"):
        written(text, [])


def test_the_readme_says_what_the_kept_results_say() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert written(text, kept()) == text, "run `assistant eval --write-readme`"
