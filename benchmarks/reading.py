"""``python -m benchmarks.reading``: the time to read ten passages, compared with the time to encode them.

The passages are made of the seed article's text and fill the encoder's window. Rounds alternate and the fastest of each
are compared, so that other work on the machine affects the result as little as possible.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from assistant.reading.cached_pairs import TitledPassage
from assistant.reading.reader import small_reader
from assistant.sources import read_file
from embeddings.encoder import load_encoder

ROUNDS, PASSAGES = 12, 10


def main() -> None:
    """Print both times and their ratio."""
    encoder, reader = load_encoder(), small_reader()
    (path,) = Path("seeds").glob("*.txt")
    text = " ".join(read_file(path, max_bytes=1_000_000).text.split()) * 4
    tokens = encoder.tokens(text)
    starts = [tokens[40 * i][0] for i in range(PASSAGES)]
    passages = [text[start : tokens[40 * i + encoder.window - 1][0]] for i, start in enumerate(starts)]
    encoding, reading = [], []
    for i in range(ROUNDS):
        encoding.append(_seconds(partial(encoder.encode, passages, "passage")))
        # Another question each time, because the reader caches its results.
        texts = [TitledPassage("", passage) for passage in passages]
        reading.append(_seconds(partial(reader.read, f"When did Kerry speak to Lavrov on day {i}?", texts)))
    best_encoding, best_reading = min(encoding[1:]), min(reading[1:])
    print(f"encoding {PASSAGES} passages of {encoder.window} tokens: {1000 * best_encoding:.0f} ms")
    print(f"reading them:                            {1000 * best_reading:.0f} ms")
    print(f"reading / encoding: {best_reading / best_encoding:.2f}")


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
