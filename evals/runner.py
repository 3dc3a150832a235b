"""The runner of suites. A suite whose data is missing, or that fails, has a result that says so."""

import hashlib
import os
import platform
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import assistant
import embeddings
from assistant.settings import Settings
from embeddings.encoder import load_encoder
from embeddings.errors import ExtraMissing
from evals.context import Context
from evals.errors import DataMissing, MalformedQuestions
from evals.result import Machine, Run, SuiteResult
from evals.suites.suite import Suite

_PACKAGES = (
    "cited-articles",
    "sentence-transformers",
    "torch",
    "openvino",
    "faiss-cpu",
    "tantivy",
    "numpy",
    "ir-measures",
)
_RELEVANT_SETTINGS = {"encoder", "reader", "max_risk", "llm_model"}  # for answers; API keys are never saved


def run(suites: Sequence[Suite], context: Context, *, command: str) -> Run:
    """Run suites in order.

    Raises:
        MalformedQuestions: A line of the user's questions file is not valid.
    """
    began, started = time.monotonic(), datetime.now(UTC)
    results = tuple(_run(suite, context) for suite in suites)
    return Run(
        command=command,
        started=started.strftime("%Y-%m-%d %H:%M UTC"),
        seconds=time.monotonic() - began,
        machine=machine(),
        configuration=context.configuration,
        results=results,
    )


def configuration(settings: Settings) -> dict[str, str]:
    """Return what figures depend on besides data and code: the encoder, the fitted numbers and the settings."""
    return {
        "encoder": load_encoder(settings.encoder).fingerprint.model_dump_json(),
        "calibration": _calibration_sha256(),
        "settings": settings.model_dump_json(include=_RELEVANT_SETTINGS),
    }


def machine() -> Machine:
    """Return a description of this machine."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line for line in info.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    return Machine(
        cpu=cpu,
        cores=os.cpu_count() or 1,
        memory_gb=round(pages / 2**30, 1),
        gpu=next(map(_gpu_name, Path("/proc/driver/nvidia/gpus").glob("*/information")), None),
        python=platform.python_version(),
        versions={"Python": platform.python_version(), **{name: v for name in _PACKAGES if (v := _version(name))}},
    )


def _gpu_name(information: Path) -> str:
    """Return the model from what NVIDIA's driver says of a GPU."""
    models = [line for line in information.read_text(encoding="utf-8").splitlines() if line.startswith("Model:")]
    return models[0].partition(":")[2].strip() if models else "a GPU"


def _run(suite: Suite, context: Context) -> SuiteResult:
    began = time.monotonic()
    try:
        result = suite.run(context)
    except MalformedQuestions:
        raise  # an error that the user can correct
    except (DataMissing, ExtraMissing) as error:
        return SuiteResult(suite=suite.name, status="not run", notes=(str(error),))
    except Exception as error:  # noqa: BLE001  one broken suite must not hide the figures of the others
        trace = traceback.format_exc(limit=-3).strip()
        return SuiteResult(suite=suite.name, status="failed", notes=(f"{type(error).__name__}: {error}", trace))
    return result.model_copy(update={"seconds": time.monotonic() - began})


def _calibration_sha256() -> str:
    """Return the SHA-256 of the JSON files beside the code: fitted weights and thresholds."""
    digest = hashlib.sha256()
    for package in (embeddings, assistant):
        folder = Path(next(iter(package.__path__)))
        for path in sorted(folder.rglob("*.json")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except ModuleNotFoundError:
        return None
