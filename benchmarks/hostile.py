"""What a client may send to stop a server, at the sizes that are accepted, and a question of another client beside it.

    python -m benchmarks.hostile [WORD …]

A real server is given each input in turn. It has to end within its limit, by an answer or a refusal and never by a
failure; a normal question that is asked meanwhile, again and again, may take twice its usual time. A table is printed
of the inputs whose names hold one of the words, by default of all; the exit code is 1 when something did not hold.
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
from benchmarks.hostile_inputs import INPUTS, PATIENCE, Input, Target, bulletin, endless_model, large_article
from benchmarks.load import served

SLOWER = 2.0  # times as long as usual, that a question may take
USUAL = 3  # questions before each input, that tell how long one takes just then
QUESTIONS = (
    "When did Kerry last speak to Lavrov, as of day {}?",
    "What did the US suspend on day {}?",
    "Who threatened {} times to walk away from the talks?",
)
_numbers = count(1)


class Measured(NamedTuple):
    """What became of one input."""

    name: str
    limit: float
    ended: str
    seconds: float
    usual: float
    beside: list[float]

    @property
    def slower(self) -> float:
        """How many times as long as usual a question took."""
        return median(self.beside) / self.usual

    @property
    def holds(self) -> bool:
        """Whether it ended in time, without a failure and without holding others up."""
        return self.seconds <= self.limit and self.slower <= SLOWER and not self.ended.startswith(("5", "failed"))

    def __str__(self) -> str:
        cells = (
            self.name,
            self.ended,
            f"{self.seconds:.1f}",
            f"{self.limit:g}",
            f"{self.usual:.2f}",
            f"{median(self.beside):.2f} ({len(self.beside)})",
            f"{self.slower:.1f}",
            "yes" if self.holds else "**no**",
        )
        return f"| {' | '.join(cells)} |"


HEAD = "| input | ended with | seconds | limit | a question, usually | beside it, median (of) | times | holds |"


async def ask(http: httpx.AsyncClient) -> float:
    """How long a question takes that nobody asked before."""
    number = next(_numbers)
    question = QUESTIONS[number % len(QUESTIONS)].format(number)
    started = perf_counter()
    reply = await http.post("/ask", json={"question": question, "mode": "extractive"})
    reply.raise_for_status()
    return perf_counter() - started


async def row(name: str, given: Input, target: Target) -> Measured:
    """Send the input, and ask questions until it has ended: one at least."""
    usual = median([await ask(target.http) for _ in range(USUAL)])
    started = perf_counter()
    sending = asyncio.ensure_future(_timed(given.send(target)))
    beside = [await ask(target.http)]
    while not sending.done() and perf_counter() - started < 2 * given.limit:
        beside.append(await ask(target.http))
    sending.cancel()
    try:
        ended, seconds = await sending
    except asyncio.CancelledError:
        ended, seconds = "failed: no end", perf_counter() - started
    except (httpx.HTTPError, OSError) as error:
        ended, seconds = f"failed: {type(error).__name__}", perf_counter() - started
    await target.clear()
    return Measured(name, given.limit, ended, seconds, usual, beside)


async def _timed(sending: Awaitable[str]) -> tuple[str, float]:
    started = perf_counter()
    return await sending, perf_counter() - started


async def measured(url: str, library: Path, words: list[str]) -> list[Measured]:
    """All rows, each printed as soon as it is there."""
    rows = []
    async with httpx.AsyncClient(base_url=url, timeout=600) as http:
        target = Target(http, library, set())
        await ask(http)  # waits until the models are loaded
        print(HEAD, "|---" * HEAD.count(" | ") + "|---|", sep="\n")
        for name, given in INPUTS.items():
            if not words or any(word in name for word in words):
                rows.append(await row(name, given, target))
                print(rows[-1], flush=True)
    return rows


def main() -> int:
    """Build a library, serve it, and send everything."""
    with tempfile.TemporaryDirectory() as folder, endless_model() as model:
        library = Path(folder)
        with Assistant.open(library) as assistant:
            assistant.add("seeds")
            for number in range(100):
                assistant.add_article(bulletin(number))
            assistant.add_article(large_article())
        settings = {"BODY_TIMEOUT": PATIENCE, "LLM_BASE_URL": model, "LLM_MODEL": "endless"}
        with served(library, **settings) as (url, _):
            rows = asyncio.run(measured(url, library, sys.argv[1:]))
    return int(not all(row.holds for row in rows))


if __name__ == "__main__":
    sys.exit(main())
