from pathlib import Path

import pytest
import torch

from assistant.errors import ReaderUnavailable
from assistant.reading import weights


def test_what_is_saved_is_what_loads(tmp_path: Path) -> None:
    network = weights.load()
    weights.save(network, tmp_path / "reader.safetensors")
    again = weights.load(tmp_path / "reader.safetensors")
    for name, value in network.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name


def test_the_file_that_ships_is_small_enough_for_a_repository() -> None:
    assert weights.WEIGHTS.stat().st_size < 25_000_000


@pytest.mark.parametrize("content", [b"", b"not weights", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_file_that_is_no_weights_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "reader.safetensors").write_bytes(content)
    with pytest.raises(ReaderUnavailable) as caught:
        weights.load(tmp_path / "reader.safetensors")
    assert "ASSISTANT_READER=false" in caught.value.hint
