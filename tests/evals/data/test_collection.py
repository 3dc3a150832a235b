from collections.abc import Callable
from pathlib import Path

import pytest

from evals.data import chunking, clapnq, scifact, squad
from evals.data.collection import Collection, Folder, sample
from evals.errors import DataMissing
from tests.evals.tiny_data import data_folder


def test_a_sample_is_the_same_every_time_and_keeps_the_order() -> None:
    drawn = sample(range(1000), 10)
    assert drawn == sample(range(1000), 10) == sorted(set(drawn))
    assert sample([3, 1, 2], None) == sample([3, 1, 2], 5) == [3, 1, 2]


@pytest.mark.parametrize("folder", [None, Path("/nowhere")], ids=["not named", "not there"])
@pytest.mark.parametrize(
    "load", [squad.pages, squad.paragraphs, scifact.abstracts, clapnq.passages, chunking.documents]
)
def test_missing_data_is_an_error_with_a_hint(load: Callable[[Folder], object], folder: Path | None) -> None:
    with pytest.raises(DataMissing, match="is not on this machine") as caught:
        load(Folder(folder))
    assert "ASSISTANT_EVAL_DATA" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (Path(__file__).parents[3] / "evals/data/README.md").is_file()


def test_the_data_folder_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSISTANT_EVAL_DATA", str(data_folder(tmp_path)))
    assert squad.pages(Folder.from_environment()).questions
    monkeypatch.delenv("ASSISTANT_EVAL_DATA")
    assert Folder.from_environment().path is None


@pytest.mark.parametrize(("load", "articles"), [(squad.pages, 1), (squad.paragraphs, 2)])
def test_squad_offsets_point_at_the_answers_in_whole_pages_and_in_paragraphs(
    tmp_path: Path, load: Callable[[Folder], Collection], articles: int
) -> None:
    collection = load(Folder(data_folder(tmp_path)))
    texts = {article.id: article.text for article in collection.articles}
    assert len(texts) == articles
    for question in collection.questions:
        assert question.answerable == bool(question.gold)
        assert {texts[r.document][r.start : r.end] for r in question.gold} == set(question.answers)
    assert list(collection.files) == [squad.FILE]
