from training.keywords import keywords_of


def test_keywords_are_the_words_that_a_question_is_about_in_their_order() -> None:
    assert keywords_of("When did Secretary Kerry last speak to Russia’s Sergei Lavrov?") == (
        "Secretary Kerry last speak Russia’s Sergei Lavrov"
    )
    assert keywords_of("How many U.S. aircraft operate in Syria?") == "U.S aircraft operate Syria"
