import random
from collections.abc import Callable

import pytest

from embeddings.encoder import Encoder
from training.altered import Alterations, Way
from training.questions import Paragraph, Question, Questions
from training.wordnet import Wordnet

TEXT = "This week Kerry met Lavrov in Geneva. They first spoke in 2009, of the army."
PARAGRAPHS = [
    Paragraph("news", "Peace talks", TEXT),
    Paragraph("news", "Peace talks", "The envoy saw Fabius in Paris, and Hague in London in 2012."),
]

Altered = Callable[[str, Way], set[str | None]]


@pytest.fixture
def altered(wordnet: Wordnet, minilm: Encoder) -> Altered:
    """All that becomes of a question, whose answer is Geneva."""
    alterations = Alterations(Questions(PARAGRAPHS), wordnet, minilm)

    def of(text: str, way: Way) -> set[str | None]:
        question = Question(text, 0, ((TEXT.index("Geneva"), TEXT.index(".")),))
        return {alterations.alter(question, {way: 1}, random.Random(seed)) for seed in range(60)}

    return of


def test_a_name_gives_way_to_one_that_the_paragraph_does_not_have(altered: Altered) -> None:
    found = altered("Where did Kerry meet the minister?", "elsewhere")
    assert "Where did Fabius meet the minister?" in found
    assert not any(text and ("Lavrov" in text or "Geneva" in text) for text in found)


def test_a_year_gives_way_to_a_year(altered: Altered) -> None:
    assert altered("What happened in 2009?", "elsewhere") == {"What happened in 2012?"}


def test_a_name_gives_way_to_one_nearby_that_is_not_the_answer(altered: Altered) -> None:
    found = altered("Where did Kerry meet the minister?", "nearby")
    assert found == {"Where did Lavrov meet the minister?"}


def test_a_word_gives_way_to_its_opposite(altered: Altered) -> None:
    assert altered("when did they first speak?", "opposite") == {"when did they last speak?"}


def test_a_noun_gives_way_to_another_of_its_kind(altered: Altered) -> None:
    assert altered("Who spoke of the army?", "sister") == {"Who spoke of the navy?"}


@pytest.mark.parametrize(
    ("asked", "denied"),
    [
        ("Where did Kerry meet Lavrov?", "Where didn't Kerry meet Lavrov?"),
        ("Who was in Geneva?", "Who wasn't in Geneva?"),
        ("Which of them could come?", "Which of them couldn't come?"),
    ],
)
def test_what_is_told_is_denied(altered: Altered, asked: str, denied: str) -> None:
    assert altered(asked, "denied") == {denied}


@pytest.mark.parametrize("way", ["elsewhere", "nearby", "opposite", "sister", "denied"])
def test_a_question_that_gives_nothing_to_change_is_left_alone(altered: Altered, way: Way) -> None:
    assert altered("why?", way) == {None}


def test_another_way_is_taken_where_the_first_leads_nowhere(wordnet: Wordnet, minilm: Encoder) -> None:
    alterations = Alterations(Questions(PARAGRAPHS), wordnet, minilm)
    question = Question("when did they first speak?", 0, ())
    ways: dict[Way, float] = {"nearby": 1000, "opposite": 1}
    assert alterations.alter(question, ways, random.Random(0)) == "when did they last speak?"
