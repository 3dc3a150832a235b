"""Encoders without a model for tests with several processes, which import this module and no test."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tests.hashed_words import HashedWords


class LoggedWords(HashedWords):
    """Writes the process and the number of texts of each call to a file."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    def encode(
        self, texts: Sequence[str], kind: Literal["query", "passage"], *, background: bool = False
    ) -> NDArray[np.float32]:
        with self._log.open("a") as log:
            log.write(f"{os.getpid()} {len(texts)}\n")
        return super().encode(texts, kind, background=background)


class OtherElsewhere(HashedWords):
    """Another encoder in every process but one."""

    def __init__(self, process: int) -> None:
        super().__init__("hashed-words" if os.getpid() == process else "other")


def texts_by_process(log: Path) -> Counter[int]:
    """How many texts each process has encoded, by its number."""
    counts: Counter[int] = Counter()
    for line in log.read_text("utf-8").splitlines() if log.exists() else []:
        process, texts = map(int, line.split())
        counts[process] += texts
    return counts
