"""A network runs by OpenVINO only where it agrees with torch; otherwise the reason is known and torch runs it."""

import locale
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from embeddings.converted_network import Arrays, NotConverted, TorchSource, converted


class Sums(nn.Module):
    """Adds the embeddings of the tokens that are not masked."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.words = nn.Embedding(50, 4)

    def forward(self, ids: Tensor, attention: Tensor) -> tuple[Tensor]:
        return ((self.words(ids) * attention.unsqueeze(-1)).sum(1),)


INPUTS = (np.arange(12).reshape(3, 4), np.tri(3, 4, 1, dtype=np.int64))


def sample(network: nn.Module) -> tuple[Arrays, Arrays]:
    with torch.inference_mode():
        return INPUTS, (network(*map(torch.from_numpy, INPUTS))[0].numpy(),)


def wrong_sample(network: nn.Module) -> tuple[Arrays, Arrays]:
    inputs, (outputs,) = sample(network)
    return inputs, (outputs + 0.1,)


class Loads:
    """Returns the network, and counts how often."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> nn.Module:
        self.count += 1
        return Sums()


@pytest.fixture
def source() -> TorchSource:
    return TorchSource("sums", "1", ("ids", "attention"), Loads(), sample, tolerance=1e-5)


def test_a_converted_network_gives_torchs_outputs_for_batches_of_any_size(source: TorchSource, tmp_path: Path) -> None:
    network, by_torch = converted(source, tmp_path), Sums()
    for shape in ((1, 2), (5, 40)):
        ids = np.random.default_rng(0).integers(0, 50, shape)
        (found,), attention = network(ids, np.ones_like(ids)), np.ones_like(ids)
        expected = by_torch(torch.from_numpy(ids), torch.from_numpy(attention))[0].detach().numpy()
        assert found == pytest.approx(expected, abs=1e-5)


def test_a_network_is_converted_once(source: TorchSource, tmp_path: Path) -> None:
    converted(source, tmp_path)
    converted(source, tmp_path)
    assert source.load.count == 1  # type: ignore[attr-defined]


def test_networks_that_load_side_by_side_leave_the_locale_as_it_was(source: TorchSource, tmp_path: Path) -> None:
    converted(source, tmp_path)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    sources = [replace(source, revision=str(number)) for number in range(2, 8)]
    for other in sources:
        shutil.copytree(folder, str(folder).replace("sums-1-", f"sums-{other.revision}-"))
    before = locale.setlocale(locale.LC_ALL)
    with ThreadPoolExecutor(len(sources)) as threads:
        for _ in range(5):
            list(threads.map(lambda source: converted(source, tmp_path), sources))
    assert locale.setlocale(locale.LC_ALL) == before


def test_a_damaged_network_is_converted_again(source: TorchSource, tmp_path: Path) -> None:
    converted(source, tmp_path)
    (weights,) = tmp_path.glob("*/network.bin")
    weights.write_bytes(bytes(weights.stat().st_size))
    for blob in tmp_path.glob("*/compiled/*"):
        blob.write_bytes(b"damaged")
    (found,) = converted(source, tmp_path)(*INPUTS)
    assert found == pytest.approx(sample(Sums())[1][0], abs=1e-5)


def test_a_network_that_differs_from_torch_is_refused_and_not_converted_again(
    source: TorchSource, tmp_path: Path
) -> None:
    different = replace(source, sample=wrong_sample)
    for _ in range(2):
        with pytest.raises(NotConverted, match=r"differ from torch's by 0\.1"):
            converted(different, tmp_path)
    assert source.load.count == 1  # type: ignore[attr-defined]


def test_without_a_cache_folder_the_reason_is_known(source: TorchSource, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotConverted, match="Error"):
        converted(source, tmp_path / "file")
