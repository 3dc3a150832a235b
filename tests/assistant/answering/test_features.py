import pytest

from assistant.answering.features import ParsedQuestion


def test_function_words_are_not_what_a_question_is_about() -> None:
    assert ParsedQuestion.parse("When did Kerry last speak to Lavrov?").terms == ("kerri", "last", "speak", "lavrov")


def test_names_and_numbers_are_told_from_other_words() -> None:
    question = ParsedQuestion.parse("How many civilians were killed in Homs in 2016?")
    assert question.names == {"hom", "2016"}


@pytest.mark.parametrize(
    ("question", "sentence", "found"),
    [
        ("When did they meet?", "They met on Saturday.", True),
        ("When did they meet?", "They met in a hotel.", False),
        ("How many people fled?", "Some 11 million people fled.", True),
        ("How many people fled?", "People fled the city.", False),
        ("Who spoke?", "The statement was read by John Kirby.", True),
        ("Who spoke?", "Nobody spoke.", False),
        ("Who is Kirby?", "It was said by Kirby.", False),
        ("What happened?", "It rained.", None),
    ],
)
def test_a_sentence_has_what_is_sought_or_not(question: str, sentence: str, found: bool | None) -> None:
    assert ParsedQuestion.parse(question).has_sought(sentence) is found


def test_coverage_counts_words_in_any_inflection() -> None:
    assert ParsedQuestion.parse("Why were treaties suspended?").covered_by({"treati", "suspend"}) == 1.0


def test_a_question_of_function_words_alone_is_covered_by_nothing() -> None:
    assert ParsedQuestion.parse("Who is it?").covered_by({"it"}) == 0.0
