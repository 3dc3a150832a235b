from pathlib import Path

import pytest

from evals.errors import DataMissing
from training.wordnet import Part, Wordnet, WordnetFiles


def test_a_synonym_of_the_first_sense_is_inflected_as_the_word_was(wordnet: Wordnet) -> None:
    assert wordnet.related("bought", Part.synonyms) == ("purchased",)
    assert wordnet.related("writers", Part.synonyms) == ("authors",)


def test_an_opposite_is_that_of_the_very_word(wordnet: Wordnet) -> None:
    assert wordnet.related("first", Part.opposites) == ("last",)
    assert wordnet.related("foremost", Part.opposites) == ()


def test_a_sister_is_another_thing_of_the_same_kind(wordnet: Wordnet) -> None:
    assert wordnet.related("armies", Part.sisters) == ("navies",)


def test_only_nouns_have_sisters(wordnet: Wordnet) -> None:
    assert wordnet.related("bought", Part.sisters) == ()


def test_a_word_that_is_not_known_is_related_to_nothing(wordnet: Wordnet) -> None:
    assert wordnet.related("plutonium", Part.synonyms) == ()


def test_files_that_are_not_there_are_said_with_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="WordNet is not on this machine") as caught:
        WordnetFiles(tmp_path)
    assert "wordnet-base" in caught.value.hint


def test_a_synset_is_in_the_file_of_its_number(wordnet_folder: Path) -> None:
    files = WordnetFiles(wordnet_folder)
    assert [one.lexname() for one in files.synsets("writer", "n")] == ["18", "18"]
    assert [one.lexname() for one in files.synsets("navy", "n")] == ["14"]
