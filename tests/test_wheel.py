"""What a wheel holds. ``.ci/wheel`` installs one into an empty environment, which takes minutes."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

HOUSE = Path(__file__).parents[1]
SHIPS = {"assistant", "embeddings", "evals", "prompts", "seeds"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """Built from a copy of what is in the repository, without a look at the network."""
    place = tmp_path_factory.mktemp("wheel")
    for path in tracked():
        (place / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HOUSE / path, place / "source" / path)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", place, place / "source"], check=True)
    with ZipFile(next(place.glob("*.whl"))) as opened:
        yield opened


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    return [path for path in listed.splitlines() if (HOUSE / path).is_file()]


def test_it_holds_every_file_of_the_rooms_that_ship_and_nothing_else(wheel: ZipFile) -> None:
    expected = {path for path in tracked() if path.partition("/")[0] in SHIPS and "/" in path}
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == expected


def test_its_metadata_names_the_distribution_its_extras_and_the_command(wheel: ZipFile) -> None:
    read = {Path(name).name: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" in name}
    metadata = Parser().parsestr(read["METADATA"])
    assert metadata["Name"] == "cited-articles"
    assert metadata["License-Expression"] == "Apache-2.0"
    extras = {"evals", "langchain", "milvus", "postgres", "ray", "training", "docs", "dev"}
    assert extras == set(metadata.get_all("Provides-Extra", []))
    assert "assistant = " in read["entry_points.txt"]
