import pytest

from assistant.conversation.parts import name_answer, question_parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Which firm bought the quarry, and who founded that firm?",
            ["Which firm bought the quarry?", "Who founded that firm?"],
        ),
        ("Who is Ole? When was he born?", ["Who is Ole?", "When was he born?"]),
        ("How many people died and how many were hurt?", ["How many people died?", "How many were hurt?"]),
        ("In which year did it open; what caused the delay?", ["In which year did it open?", "What caused the delay?"]),
        (
            "Who founded the company, what does it make, and where is it based?",
            ["Who founded the company?", "What does it make?", "Where is it based?"],
        ),
    ],
)
def test_a_question_that_asks_several_things_is_split(question: str, parts: list[str]) -> None:
    assert question_parts(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who paid for the bridge?",
        "What did the council say and why?",
        "When and where was Ole born?",
        "What is the difference between what he said and what she said?",
        "Who said that he won and that she lost?",
        "In 2010, who won?",
        "When he came, what did he say?",
        "What do Kerry and Lavrov say about Homs?",
        "I read the story. Who paid?",
        "",
    ],
)
def test_a_question_that_asks_one_thing_stays_whole(question: str) -> None:
    assert question_parts(question) == [question]


def test_what_an_earlier_part_asks_for_is_named_by_its_answer() -> None:
    assert name_answer("Who founded that firm?", "Which firm bought the quarry?", "Ostra") == "Who founded Ostra?"
    assert name_answer("Who founded that town?", "Which firm bought the quarry?", "Ostra") == "Who founded that town?"
