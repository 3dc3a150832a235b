import pytest

from assistant.answering.features import ParsedQuestion


def test_function_words_are_not_content_terms() -> None:
    assert ParsedQuestion.parse("When did Kerry last speak to Lavrov?").terms == ("kerri", "last", "speak", "lavrov")


def test_names_and_numbers_are_recognised() -> None:
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
def test_the_expected_answer_type_is_found_in_a_sentence(question: str, sentence: str, found: bool | None) -> None:
    assert ParsedQuestion.parse(question).has_answer_type(sentence) is found


def test_coverage_counts_words_in_any_inflection() -> None:
    assert ParsedQuestion.parse("Why were treaties suspended?").coverage({"treati", "suspend"}) == 1.0


def test_a_question_of_function_words_has_no_coverage() -> None:
    assert ParsedQuestion.parse("Who is it?").coverage({"it"}) == 0.0
