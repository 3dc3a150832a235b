import torch

from assistant.reading.quantised import STEP, add, coarse, restore
from training.quantised import difference

BASE = {"matrix": torch.randn(8, 64, generator=torch.Generator().manual_seed(0)), "bias": torch.randn(8)}


def test_a_coarse_matrix_is_off_by_half_a_step_at_most() -> None:
    found = restore(coarse(BASE))
    assert torch.equal(found["bias"], BASE["bias"])
    off = (found["matrix"] - BASE["matrix"]).abs().amax(1)
    assert (off <= 0.51 * STEP * BASE["matrix"].std(1)).all()
    assert coarse(BASE)["matrix"].dtype == torch.int8


def test_what_training_changed_takes_four_bits_and_loses_a_tenth() -> None:
    change = 0.01 * torch.randn(8, 64, generator=torch.Generator().manual_seed(1))
    trained = BASE | {"matrix": BASE["matrix"] + change, "head": torch.randn(2, 64)}
    found = difference(BASE, trained)
    assert "bias" not in found
    assert found["matrix"].nbytes == change.numel() // 2
    again = add(BASE, found)
    assert (again["matrix"] - trained["matrix"]).norm() < 0.15 * change.norm()
    assert torch.allclose(again["head"], trained["head"], atol=2e-3)
    assert torch.equal(again["bias"], BASE["bias"])
