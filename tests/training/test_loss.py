import math

import torch
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.network import Scores
from training.loss import Wanted, loss

values = st.lists(st.floats(-5, 5), min_size=6, max_size=6)


@given(values, st.booleans())
def test_one_softmax_goes_over_all_passages_of_a_question_and_the_null_answer(
    logits: list[float], answerable: bool
) -> None:
    start = torch.tensor(logits).reshape(2, 3)
    right = torch.zeros(2, 3, dtype=torch.bool)
    right[0, 1] = answerable
    inside = torch.ones(2, 3, dtype=torch.bool)
    wanted = Wanted(inside, right, right, torch.tensor([0, 0]))
    found = loss(Scores(start, start, torch.zeros(2)), wanted, 0.0)
    total = 1 + sum(math.exp(value) for value in logits)
    assert math.isclose(found.item(), math.log(total) - (logits[1] if answerable else 0), abs_tol=1e-4)


def test_questions_do_not_share_a_softmax() -> None:
    scores = torch.tensor([[3.0, 0.0], [9.0, 0.0]])
    right = torch.tensor([[True, False], [False, False]])
    inside = torch.ones(2, 2, dtype=torch.bool)
    apart = loss(Scores(scores, scores, torch.zeros(2)), Wanted(inside, right, right, torch.tensor([0, 1])), 0.0)
    first = loss(
        Scores(scores[:1], scores[:1], torch.zeros(1)), Wanted(inside[:1], right[:1], right[:1], torch.tensor([0])), 0.0
    )
    second = loss(
        Scores(scores[1:], scores[1:], torch.zeros(1)), Wanted(inside[1:], right[1:], right[1:], torch.tensor([0])), 0.0
    )
    assert torch.isclose(apart, (first + second) / 2)


def test_characters_outside_of_passages_count_nothing() -> None:
    scores, inside = torch.tensor([[100.0, 1.0]]), torch.tensor([[False, True]])
    wanted = Wanted(inside, inside, inside, torch.tensor([0]))
    assert loss(Scores(scores, scores, torch.zeros(1)), wanted, 0.0).item() < 1
