import random

from training.altered import Alterations
from training.questions import Paragraph, Question, Questions

PARAGRAPHS = [
    Paragraph("news", "Peace talks", "On Monday Kerry met Lavrov in Geneva. They first spoke in 2009."),
    Paragraph("news", "Peace talks", "The envoy saw Fabius in Paris, and Hague in London in 2012."),
]


def altered(text: str) -> set[str | None]:
    alterations = Alterations(Questions(PARAGRAPHS))
    return {alterations.alter(Question(text, 0, ()), random.Random(seed)) for seed in range(60)}


def test_a_name_gives_way_to_one_that_the_paragraph_does_not_have() -> None:
    found = altered("Where did Kerry meet the minister?")
    assert "Where did Fabius meet the minister?" in found
    assert not any(text and ("Lavrov" in text or "Geneva" in text) for text in found)


def test_a_year_gives_way_to_a_year() -> None:
    assert "What happened in 2012?" in altered("What happened in 2009?")


def test_a_word_gives_way_to_its_opposite() -> None:
    assert altered("when did they first speak?") == {"when did they last speak?"}


def test_a_question_that_names_nothing_of_the_paragraph_is_left_alone() -> None:
    assert altered("why?") == {None}
