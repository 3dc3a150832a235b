"""Encoders that sentence-transformers loads. Where it agrees, OpenVINO runs their network instead of torch."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from embeddings.batches import batches_by_length
from embeddings.converted_network import Arrays, ConvertedNetwork, NotConverted, TorchSource, converted
from embeddings.errors import EncoderUnavailable
from embeddings.fingerprint import Fingerprint, Kind
from embeddings.priority_lock import MODEL_LOCK

if TYPE_CHECKING:
    import tokenizers
    from sentence_transformers import SentenceTransformer
    from torch import nn

_MAX_BATCH_TOKENS = 512  # with padding: larger batches are no faster, and a question would wait for them longer
_MANY_BATCHES = 8  # which are worth the time and memory of a second network that runs them side by side
_MAX_WINDOW = 512  # tokens: a longer passage is of no use as a citation, however much the model can read

# What a converted network has to agree on with sentence-transformers. In bfloat16 a component differs by .001.
_SAMPLE_TEXTS = (
    "When did they last speak?",
    "The river rose by three metres on Monday, the highest since 1954, and 2,300 people left their homes.",
    "Grain. " * 60,
)
_TOLERANCE = 0.005


class SentenceEncoder:
    """A sentence-transformers model in a folder. Thread-safe.

    ``revision`` is the commit on the hub; without one, the SHA-256 of the weights is used. ``runtime`` says what runs
    the network, once it is loaded.
    """

    def __init__(self, *, name: str, folder: Path, revision: str | None = None) -> None:
        self._name = name
        self._folder = folder
        self._revision = revision
        self._loading = RLock()
        self._lock = MODEL_LOCK
        self._loaded: SentenceTransformer | None = None
        self._converted: ConvertedNetwork | None = None
        self.runtime = ""

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The encoder's identity, which is read from the loaded model."""
        model = self._model
        pooling = [module.pooling_mode for module in model if hasattr(module, "pooling_mode")]
        return Fingerprint(
            model=self._name,
            revision=self._revision or weights_sha256(self._folder),
            dimension=model.get_embedding_dimension() or 0,
            prefix={"query": _prompt(model, "query"), "passage": _prompt(model, "document", "passage", "corpus")},
            pooling=str(pooling[0]) if pooling else "mean",
        )

    @cached_property
    def window(self) -> int:
        """The number of tokens of text that the model reads, not counting special tokens and the passage prefix."""
        special = self._tokenizer.num_special_tokens_to_add(False)
        prefix = len(self.tokens(self.fingerprint.prefix["passage"]))
        return min(self._max_tokens, _MAX_WINDOW) - special - prefix

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
            rows = self._token_ids([self.fingerprint.prefix[kind] + text for text in texts])
            batches = [*batches_by_length([*map(len, rows)], _MAX_BATCH_TOKENS)]
            streams = self._network.streams if len(batches) >= _MANY_BATCHES and self._network else 1
            for first in range(0, len(batches), streams):
                group = batches[first : first + streams]
                places = [i for batch in group for i in batch]
                with self._lock.hold(background=background):
                    vectors[places] = self._encode(
                        [texts[i] for i in places], [[rows[i] for i in batch] for batch in group], kind
                    )
        return vectors

    def _encode(self, texts: list[str], batches: list[list[list[int]]], kind: Kind) -> NDArray[np.float32]:
        network = self._network
        if network is None:
            return self._encode_by_torch(texts, kind)
        inputs = [self._inputs(rows) for rows in batches]
        outputs = [network(*inputs[0])] if len(inputs) == 1 else network.side_by_side(inputs)
        return np.concatenate([vectors for (vectors,) in outputs])

    def _encode_by_torch(self, texts: Sequence[str], kind: Kind) -> NDArray[np.float32]:
        model, prompt = self._model, self.fingerprint.prefix[kind]
        encode = model.encode_query if kind == "query" else model.encode_document
        return encode(list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False)

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each text, with special tokens."""
        return [encoding.ids for encoding in self._truncating_tokenizer.encode_batch_fast(texts)]

    def _inputs(self, rows: Sequence[list[int]]) -> Arrays:
        """Return token ids and attention mask, each (texts, tokens of the longest text)."""
        ids = np.full((len(rows), max(map(len, rows))), self._padding, np.int64)
        for row, tokens in zip(ids, rows, strict=True):
            row[: len(tokens)] = tokens
        lengths = np.array([len(tokens) for tokens in rows])
        return ids, (np.arange(ids.shape[1]) < lengths[:, None]).astype(np.int64)

    @property
    def _network(self) -> ConvertedNetwork | None:
        """The converted network; None if torch runs the model."""
        with self._loading:
            if not self.runtime:
                revision = hashlib.sha256(self.fingerprint.model_dump_json().encode()).hexdigest()
                source = TorchSource(
                    "encoder", revision, ("ids", "attention"), self._sentence_network, self._sample, _TOLERANCE
                )
                try:
                    self._converted = converted(source)
                    self.runtime = self._converted.runtime
                except NotConverted as reason:
                    self.runtime = f"torch ({reason})"
            return self._converted

    def _sentence_network(self) -> "nn.Module":
        from embeddings.sentence_network import SentenceNetwork

        return SentenceNetwork(self._model)

    def _sample(self, _: "nn.Module") -> tuple[Arrays, Arrays]:
        kinds: tuple[Kind, ...] = ("query", "passage")
        texts = [self.fingerprint.prefix[kind] + text for kind in kinds for text in _SAMPLE_TEXTS]
        outputs = np.concatenate([self._encode_by_torch(_SAMPLE_TEXTS, kind) for kind in kinds])
        return self._inputs(self._token_ids(texts)), (outputs,)

    @property
    def _model(self) -> "SentenceTransformer":
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    @cached_property
    def _max_tokens(self) -> int:
        """The number of tokens that the model reads, with special tokens and prefix."""
        return int(self._model.max_seq_length or _MAX_WINDOW)

    @cached_property
    def _padding(self) -> int:
        """The token that shorter texts of a batch are filled up with."""
        return int(self._model.tokenizer.pad_token_id or 0)

    @cached_property
    def _truncating_tokenizer(self) -> "tokenizers.Tokenizer":
        tokenizer = untruncated(self._tokenizer.to_str())
        tokenizer.enable_truncation(self._max_tokens)
        return tokenizer

    @cached_property
    def _tokenizer(self) -> "tokenizers.Tokenizer":
        # A copy, because transformers changes the truncation and padding of its own tokenizer at every call.
        fast = getattr(self._model.tokenizer, "backend_tokenizer", self._model.tokenizer)
        return untruncated(fast.to_str())

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


def weights_sha256(folder: Path) -> str:
    """Return the SHA-256 of a model's files of weights, concatenated in the order of their paths."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin")):
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def untruncated(tokenizer_json: str) -> "tokenizers.Tokenizer":
    """Return a tokenizer without truncation and padding."""
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
