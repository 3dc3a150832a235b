import gzip
import json
import os
from pathlib import Path

import pytest

from evals.data import dialogues, reuters
from evals.data.collection import SHIPPED, Folder, json_lines
from evals.data.shipped import seed_body
from evals.errors import DataMissing


def test_every_quote_of_the_shipped_dialogues_is_at_its_offsets() -> None:
    texts = {row["id"]: row["text"] for row in json_lines(SHIPPED / "exact_articles.jsonl")} | {"seed": seed_body()[0]}
    rows = [row for row in json_lines(SHIPPED / "dialogues.jsonl") if "quote" in row]
    assert len(rows) == len(dialogues.shipped().dialogues) == 36
    assert all(texts[row["article"]][row["start"] : row["end"]] == row["quote"] for row in rows)


def test_only_questions_that_depend_on_their_history_have_another_standalone_wording() -> None:
    for row in json_lines(SHIPPED / "dialogues.jsonl"):
        assert (row["kind"] in {"stand-alone", "topic shift"}) == (row["question"] == row["standalone"])


def test_the_dialogues_have_no_text_of_articles_that_are_not_shipped() -> None:
    files = ("dialogues.jsonl", "news_followups.jsonl")
    every = [row for file in files for row in json_lines(SHIPPED / file)]
    rows = [row for row in every if row["article"].startswith("reuters-")]
    assert len(rows) == 57 + 40
    said = [
        turn["content"] for row in rows for turn in row["history"] if turn["role"] == "assistant" and "content" in turn
    ]
    assert all(text.startswith("The articles do not say.") for text in said)
    assert not any("quote" in row for row in rows)


def test_a_reuters_article_with_another_text_is_an_error(tmp_path: Path) -> None:
    with gzip.open(tmp_path / reuters.FILE, "wt", encoding="utf-8") as file:
        file.write(json.dumps({"id": "2364", "title": "Other", "body": "Something else."}) + "\n")
    with pytest.raises(DataMissing, match="another one"):
        dialogues.reuters(Folder(tmp_path))


def test_the_reuters_dialogues_are_read_where_the_collection_is() -> None:
    folder = os.environ.get("ASSISTANT_EVAL_DATA")
    if folder is None:
        pytest.skip(f"ASSISTANT_EVAL_DATA names no folder with {reuters.FILE}")
    read = [dialogues.reuters(Folder(Path(folder)), file) for file in ("dialogues.jsonl", "news_followups.jsonl")]
    assert [len(data.dialogues) for data in read] == [57, 40]
    assert all(turn.content for data in read for one in data.dialogues for turn in one.history)
