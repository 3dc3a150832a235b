import gzip
import json
from pathlib import Path

import pytest

from assistant import Settings
from evals.annotated_chunks import FILE, ask, main, word_scores, words_in

CHUNK = "The tower is high. Ada Vik built the tower in 1911. It has a clock."


def test_words_count_that_lie_in_a_span() -> None:
    assert words_in(CHUNK, [(4, 12), (19, 26)]) == {1, 2, 4, 5}
    assert words_in(CHUNK, [(5, 11)]) == set()


def test_the_words_of_all_texts_count_together() -> None:
    assert word_scores([{1, 2}, {7}, set()], [{2, 3, 4}, set(), {1}]) == pytest.approx((1 / 3, 1 / 4, 2 / 7))
    assert word_scores([set()], [set()]) == (0, 0, 0)


def test_the_words_of_the_cited_sentences_are_found(tmp_path: Path) -> None:
    (cited,) = ask([("Who built the tower?", CHUNK)], Settings(library=tmp_path, max_risk=1.0))
    assert words_in(CHUNK, [(19, 51)]) <= cited


def test_a_chunk_is_asked_each_of_its_queries(tmp_path: Path) -> None:
    cited = ask(
        [("Who built the tower?", CHUNK), ("When did Ada Vik build the tower?", CHUNK)], Settings(library=tmp_path)
    )
    assert all(words_in(CHUNK, [(19, 51)]) <= one for one in cited)


def test_the_figures_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_EVAL_DATA", str(tmp_path))
    assert main() == 1
    assert "annotated chunks is not on this machine" in capsys.readouterr().err
    row = {"query": "Who built the tower?", "chunk": CHUNK, "spans": [{"start": 19, "end": 51}]}
    (tmp_path / FILE).write_bytes(gzip.compress(json.dumps(row).encode()))
    assert main() == 0
    assert "abstention overruled   answered 1 of 1" in capsys.readouterr().out
