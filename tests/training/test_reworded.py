import random
from pathlib import Path

import pytest

from embeddings.encoder import load_encoder
from training.reworded import Rewordings, Thesaurus

LICENCE = "  1 This line is indented, as the licence in WordNet's files is.\n"


@pytest.fixture
def thesaurus(tmp_path: Path) -> Thesaurus:
    """Two synsets in the format of wndb(5WN): a noun with two senses, and a verb."""
    for part in ("noun", "verb", "adj"):
        (tmp_path / f"data.{part}").write_text(LICENCE)
        (tmp_path / f"index.{part}").write_text(LICENCE)
    with (tmp_path / "data.noun").open("a") as file:
        file.write("00000100 10 n 03 writer 0 author 0 pen_pusher 0 001 @ 00000300 n 0000 | one who writes\n")
        file.write("00000200 18 n 02 writer 1 scribe 0 001 @ 00000300 n 0000 | a clerk\n")
    with (tmp_path / "index.noun").open("a") as file:
        file.write("author n 1 1 @ 1 1 00000100\n")
        file.write("writer n 2 1 @ 2 1 00000100 00000200\n")
    with (tmp_path / "data.verb").open("a") as file:
        file.write("00000400 30 v 02 purchase 0 buy 0 001 @ 00000500 v 0000 01 + 08 00 | obtain for money\n")
    with (tmp_path / "index.verb").open("a") as file:
        file.write("buy v 1 1 @ 1 1 00000400\n")
        file.write("purchase v 1 1 @ 1 1 00000400\n")
    (tmp_path / "cntlist.rev").write_text("buy%2:30:00:: 1 90\nwriter%1:10:00:: 1 40\n")
    return Thesaurus(tmp_path)


def test_a_synonym_of_the_first_sense_is_inflected_as_the_word_was(thesaurus: Thesaurus) -> None:
    assert thesaurus.of("bought") == ("purchased",)
    assert thesaurus.of("writers") == ("authors",)


def test_a_word_that_is_not_known_has_no_synonyms(thesaurus: Thesaurus) -> None:
    assert thesaurus.of("plutonium") == ()


def test_a_question_is_asked_in_other_words(thesaurus: Thesaurus) -> None:
    reword = Rewordings(thesaurus, load_encoder()).reword
    found = {reword("Which house on the square has the writer bought?", random.Random(seed)) for seed in range(8)}
    assert found <= {
        "Which house on the square has the author bought?",
        "Which house on the square has the writer purchased?",
        "Which house on the square has the author purchased?",
    }
    assert len(found) > 1


def test_a_question_without_such_words_is_left_alone(thesaurus: Thesaurus) -> None:
    assert Rewordings(thesaurus, load_encoder()).reword("Who is Kerry?", random.Random(0)) is None
