"""Hostile inputs at the largest accepted sizes, and how long another client's questions take meanwhile.

    python -m benchmarks.hostile [WORD …]

A real server is sent one input after the other. Each must end within its limit, by an answer or a refusal and not by a
failure. Meanwhile, questions are asked repeatedly, which may take twice their usual time. A table is printed for the
inputs whose names contain one of the words, by default for all. The exit code is 1 if an input did not pass.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

import httpx

from assistant.assistant import Assistant
from benchmarks.hostile_inputs import BODY_TIMEOUT, INPUTS, Input, Target, bulletin, endless_model, large_article
from benchmarks.load import served

MAX_SLOWDOWN = 2.0  # of a question while an input is processed
USUAL = 3  # questions before each input, to measure their usual time
QUESTIONS = (
    "When did Kerry last speak to Lavrov, as of day {}?",
    "What did the US suspend on day {}?",
    "Who threatened {} times to walk away from the talks?",
)
_numbers = count(1)


class Measured(NamedTuple):
    """The result of an input.

    Attributes:
        name: The input's name.
        limit: The seconds within which it has to end.
        result: How it ended: a status and error code, or a failure.
        seconds: How long it took.
        usual: The usual time of a question, in seconds.
        meanwhile: The times of the questions that were asked meanwhile.
    """

    name: str
    limit: float
    result: str
    seconds: float
    usual: float
    meanwhile: list[float]

    @property
    def slowdown(self) -> float:
        """How many times their usual time questions took meanwhile."""
        return median(self.meanwhile) / self.usual

    @property
    def passed(self) -> bool:
        """True if the input ended in time and without a failure, and did not slow down others too much."""
        is_failure = self.result.startswith(("5", "failed"))
        return self.seconds <= self.limit and self.slowdown <= MAX_SLOWDOWN and not is_failure

    def __str__(self) -> str:
        cells = (
            self.name,
            self.result,
            f"{self.seconds:.1f}",
            f"{self.limit:g}",
            f"{self.usual:.2f}",
            f"{median(self.meanwhile):.2f} ({len(self.meanwhile)})",
            f"{self.slowdown:.1f}",
            "yes" if self.passed else "**no**",
        )
        return f"| {' | '.join(cells)} |"


HEADER = "| input | ended with | seconds | limit | a question, usually | meanwhile, median (of) | times | passed |"


async def ask(http: httpx.AsyncClient) -> float:
    """Ask a question that was not asked before and return the seconds until the answer."""
    number = next(_numbers)
    question = QUESTIONS[number % len(QUESTIONS)].format(number)
    started = perf_counter()
    reply = await http.post("/ask", json={"question": question, "mode": "extractive"})
    reply.raise_for_status()
    return perf_counter() - started


async def measure(name: str, hostile: Input, target: Target) -> Measured:
    """Send an input, and ask questions until it has ended, at least one."""
    usual = median([await ask(target.http) for _ in range(USUAL)])
    started = perf_counter()
    sending = asyncio.ensure_future(_timed(hostile.send(target)))
    meanwhile = [await ask(target.http)]
    while not sending.done() and perf_counter() - started < 2 * hostile.limit:
        meanwhile.append(await ask(target.http))
    sending.cancel()
    try:
        result, seconds = await sending
    except asyncio.CancelledError:
        result, seconds = "failed: no end", perf_counter() - started
    except (httpx.HTTPError, OSError) as error:
        result, seconds = f"failed: {type(error).__name__}", perf_counter() - started
    await target.clear()
    return Measured(name, hostile.limit, result, seconds, usual, meanwhile)


async def _timed(sending: Awaitable[str]) -> tuple[str, float]:
    started = perf_counter()
    return await sending, perf_counter() - started


async def measure_all(url: str, library: Path, words: list[str]) -> list[Measured]:
    """Measure the inputs whose names contain one of the words, and print each result at once."""
    results = []
    async with httpx.AsyncClient(base_url=url, timeout=600) as http:
        target = Target(http, library, set())
        await ask(http)  # waits until the models are loaded
        print(HEADER, "|---" * HEADER.count(" | ") + "|---|", sep="\n")
        for name, hostile in INPUTS.items():
            if not words or any(word in name for word in words):
                results.append(await measure(name, hostile, target))
                print(results[-1], flush=True)
    return results


def main() -> int:
    """Create a library, serve it, send the inputs, and return 1 if one did not pass."""
    with tempfile.TemporaryDirectory() as folder, endless_model() as model:
        library = Path(folder)
        with Assistant.open(library) as assistant:
            assistant.add("seeds")
            for number in range(100):
                assistant.add_article(bulletin(number))
            assistant.add_article(large_article())
        settings = {"BODY_TIMEOUT": BODY_TIMEOUT, "LLM_BASE_URL": model, "LLM_MODEL": "endless"}
        with served(library, **settings) as (url, _):
            results = asyncio.run(measure_all(url, library, sys.argv[1:]))
    return int(not all(result.passed for result in results))


if __name__ == "__main__":
    sys.exit(main())
