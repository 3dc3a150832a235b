from pathlib import Path

from evals.context import Context
from evals.suites.judged import JudgedSuite
from tests.evals.broken import always_answers, healthy


def test_no_sentence_that_was_judged_unsupported_leaves(tmp_path: Path, few_resamples: None) -> None:
    context = Context(open=healthy, open_forced=always_answers, cache_folder=tmp_path)
    figures = {figure.name: figure for figure in JudgedSuite().run(context).figures}
    assert figures["judged.unsupported_written"].count == 260
    assert figures["judged.unsupported_left"].value == 0
    assert figures["judged.supported_lost"].value < 0.5
