"""Questions and paragraphs of XQuAD's layout, in two languages."""

import json
from pathlib import Path

from evals.data import xquad
from evals.data.collection import Folder
from evals.languages import measure
from tests.hashed_words import HashedWords

PAIRS = {
    "en": {
        "The ferry leaves Vinga at noon.": "When does the ferry leave?",
        "Grain fell in May.": "When did grain fall?",
    },
    "de": {
        "Die Fähre verlässt Vinga mittags.": "Wann fährt die Fähre?",
        "Getreide fiel im Mai.": "Wann fiel Getreide?",
    },
}


def test_each_language_is_searched_in_itself_and_in_english(tmp_path: Path) -> None:
    (tmp_path / "xquad").mkdir()
    for language, pairs in PAIRS.items():
        paragraphs = [
            {"context": text, "qas": [{"id": f"q{number}", "question": question}]}
            for number, (text, question) in enumerate(pairs.items())
        ]
        data = {"data": [{"title": "A_page", "paragraphs": paragraphs}]}
        (tmp_path / f"xquad/xquad.{language}.json").write_text(json.dumps(data), "utf-8")
    collections = {language: xquad.paragraphs(Folder(tmp_path), language) for language in PAIRS}
    lines = list(measure(collections, HashedWords(), 10, tmp_path))
    assert [line.partition(":")[0] for line in lines] == ["en over en", "de over de", "de over en"]
    assert lines[0].endswith("fused 1.000 / 1.000")
