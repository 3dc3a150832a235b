from pathlib import Path

import pytest
import torch

from assistant.errors import ReaderUnavailable
from assistant.reading import weights


def test_saved_weights_load_unchanged(tmp_path: Path) -> None:
    network = weights.load()
    weights.save(network, tmp_path / "reader.safetensors")
    again = weights.load(tmp_path / "reader.safetensors")
    for name, value in network.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name


def test_the_packaged_weights_fit_a_repository() -> None:
    assert weights.WEIGHTS_FILE.stat().st_size < 25_000_000


@pytest.mark.parametrize("content", [b"", b"not weights", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_malformed_weights_file_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "reader.safetensors").write_bytes(content)
    with pytest.raises(ReaderUnavailable) as caught:
        weights.load(tmp_path / "reader.safetensors")
    assert "ASSISTANT_READER=off" in caught.value.hint
