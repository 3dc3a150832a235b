from training.wordnet import Part, Wordnet


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
