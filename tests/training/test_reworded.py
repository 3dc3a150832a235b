import random

from training.reworded import Rewordings


def test_a_question_is_asked_in_other_words(rewordings: Rewordings) -> None:
    question = "Which house on the square has the writer bought?"
    found = {rewordings.reword(question, random.Random(seed)) for seed in range(8)}
    assert found <= {
        "Which house on the square has the author bought?",
        "Which house on the square has the writer purchased?",
        "Which house on the square has the author purchased?",
    }
    assert len(found) > 1


def test_a_question_without_such_words_is_left_alone(rewordings: Rewordings) -> None:
    assert rewordings.reword("Who is Kerry?", random.Random(0)) is None
