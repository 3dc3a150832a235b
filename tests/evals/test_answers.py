import pytest

from evals.answers import JudgedAnswer, answering_figures
from evals.data.collection import EvalQuestion
from tests.evals.test_integrity import answer, citation


def judged(
    short_answer: str | None, accepted: str, *, abstained: bool = False, answerable: bool = True
) -> JudgedAnswer:
    """A question with one accepted answer, and what came."""
    question = EvalQuestion(id="q", text="?", answerable=answerable, answers=(accepted,), gold=())
    came = answer(citation(), short_answer=short_answer, abstained=abstained)
    return JudgedAnswer(question, came, came, correct=not abstained)


@pytest.mark.usefixtures("few_resamples")
def test_short_answers_are_counted_among_answered_questions_and_their_rightness_among_those_shown() -> None:
    asked = [
        judged("on 3 May", "3 May"),
        judged("May", "3 May"),
        judged("two", "3 May"),
        judged(None, "3 May"),
        judged(None, "3 May", abstained=True),
        judged("3 May", "3 May", answerable=False),
    ]
    figures = {figure.name: figure for figure in answering_figures("news", asked)}
    shown, right = figures["news.short_answer_shown"], figures["news.short_answer_right"]
    assert (shown.value, shown.count) == (3 / 4, 4)
    assert right.value == pytest.approx(2 / 3)
    assert right.count == 3
