from pathlib import Path

import pytest
import torch

from assistant.reading.weights import tokenizer
from tests.training.test_train import EXAMPLES, network
from training.batches import BERT, Batches
from training.data.item import Item
from training.distil.objective import Distil, shared
from training.loss import Wanted
from training.teacher import scores
from training.teacher.reading import read_all

ITEMS = [Item("asked", "file", one) for one in EXAMPLES]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a teacher says of two examples."""
    path = tmp_path_factory.mktemp("scores") / "asked.jsonl"
    scores.write(network().eval(), tokenizer(), BERT, ITEMS, path)
    return path


def test_a_run_that_was_cut_off_writes_what_is_missing(taught: Path, tmp_path: Path) -> None:
    whole = taught.read_text()
    cut = tmp_path / "asked.jsonl"
    cut.write_text(whole[: len(whole) * 3 // 4])
    scores.write(network().eval(), tokenizer(), BERT, ITEMS, cut)
    assert cut.read_text() == whole


def test_what_is_kept_of_a_passage_is_all_of_its_probability(taught: Path) -> None:
    ((soft,), _) = scores.read(taught)
    (reading,) = EXAMPLES[0].readings
    (said,) = read_all(network().eval(), tokenizer(), BERT, [(EXAMPLES[0].question, reading.passage)])
    kept = torch.tensor([*soft.starts.values(), soft.other_start]).logsumexp(0)
    assert kept.item() == pytest.approx(torch.tensor(said.start).logsumexp(0).item(), abs=0.01)


def test_a_student_that_says_what_the_teacher_says_has_least_to_learn() -> None:
    every = torch.ones(2, 5, dtype=torch.bool)
    wanted = Wanted(every, every, every, torch.tensor([0, 0]))
    teacher = torch.randn(2, 5, generator=torch.Generator().manual_seed(0))
    student = teacher.clone().requires_grad_()
    shared(student, teacher, wanted).backward()
    assert student.grad is not None
    assert torch.allclose(student.grad, torch.zeros(2, 5), atol=1e-6)
    assert shared(teacher + torch.randn(2, 5), teacher, wanted) > shared(teacher, teacher, wanted)


def test_the_student_comes_to_say_what_the_teacher_says(taught: Path) -> None:
    soft = dict(zip(EXAMPLES, scores.read(taught), strict=True))
    objective = Distil(Batches(tokenizer(), 64, 0), soft, holds_weight=0.5, teacher_weight=1.0)
    student = network()
    torch.nn.init.normal_(student.span.weight)
    optimiser = torch.optim.Adam([one for one in student.parameters() if one.requires_grad], lr=0.02)
    losses = []
    for _ in range(40):
        losses.append(objective(student, EXAMPLES))
        losses[-1].backward()
        optimiser.step()
        optimiser.zero_grad()
    assert losses[-1] < losses[0]
    same = objective(network(), EXAMPLES)
    assert losses[-1].item() == pytest.approx(same.item(), abs=0.15)
