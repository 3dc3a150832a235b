"""``python -m benchmarks.parts``: what a search and an answer take by parts, and how near its limit the encoder is.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.parts [ARTICLES]

The limit is the tokens a second that the encoder's multiplications would take at the rate at which PyTorch multiplies
a matrix of 4096×384 by one of 384×1536, in the precision in which the encoder runs. The library is that of
:mod:`benchmarks.load`; every question is asked once, so that no cache helps.
"""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from statistics import median, quantiles
from time import perf_counter

import httpx

from assistant.assistant import Assistant
from benchmarks.load import ALL_ARTICLES, library, served
from embeddings.encoder import load_encoder
from embeddings.ingest import chunk_article
from evals.data.collection import Folder
from evals.data.reuters import reuters_articles

QUESTIONS, PASSAGES, ROUNDS = 100, 300, 5
_ROWS, _HIDDEN, _INNER, _LAYERS = 4096, 384, 1536, 6  # of the product, and of all-MiniLM-L6-v2
_OPERATIONS = 2 * _LAYERS * (4 * _HIDDEN**2 + 2 * _HIDDEN * _INNER)  # of a token: attention's projections, and the rest


def main() -> None:
    """Print the figures."""
    data = Folder.from_environment()
    path = library(data, int(sys.argv[1]) if len(sys.argv) > 1 else ALL_ARTICLES)
    encoder = load_encoder()
    passages = (text for one in reuters_articles(data, 0, PASSAGES) for text in chunk_article(one, encoder).texts)
    texts = list(islice(passages, PASSAGES))
    tokens = sum(len(encoder.tokens(text)) + 2 for text in texts)
    encoder.encode(texts[:8], "passage")  # loads it
    rate = tokens / min(_seconds(lambda: encoder.encode(texts, "passage")) for _ in range(ROUNDS))
    limit = _product(half="bf16" in encoder.runtime) / _OPERATIONS
    print(f"encoder, {encoder.runtime}: {rate:,.0f} tokens a second of {limit:,.0f}, {rate / limit:.0%}")
    titles = [one.title for one in reuters_articles(data, 9_000, ALL_ARTICLES) if one.title]
    asked = iter(f"What is known about {title}?" for title in dict.fromkeys(titles))
    with Assistant.open(path) as assistant:
        dense, bm25 = assistant.library._indexes.dense, assistant.library._indexes.bm25
        print(assistant.library.size())
        questions = list(islice(asked, QUESTIONS))
        vectors = {text: encoder.encode([text], "query")[0] for text in questions}
        _each("vectors", questions, lambda text: dense.search(vectors[text], QUESTIONS))
        _each("BM25", questions, lambda text: bm25.search(text, QUESTIONS))
        _each("the question encoded", questions, lambda text: encoder.encode([text], "query"))
        _each("assistant.search", list(islice(asked, QUESTIONS)), assistant.search)
    with served(path) as (url, _), httpx.Client(base_url=url, timeout=60) as http:
        http.post("/ask", json={"question": next(asked)}).raise_for_status()  # waits until the models are loaded
        for route, field in (("/search", "query"), ("/ask", "question")):
            _each(f"POST {route}", list(islice(asked, QUESTIONS)), partial(_post, http, route, field))


def _post(http: httpx.Client, route: str, field: str, text: str) -> None:
    http.post(route, json={field: text}).raise_for_status()


def _each(name: str, questions: Sequence[str], call: Callable[[str], object]) -> None:
    """Print quantiles of the milliseconds that a call takes."""
    times = [1000 * _seconds(partial(call, text)) for text in questions]
    print(f"{name}: p50 {median(times):.1f} ms, p99 {quantiles(times, n=100)[98]:.1f} ms", flush=True)


def _product(*, half: bool) -> float:
    """Return the operations a second of the product, at best."""
    import torch

    kind = torch.bfloat16 if half else torch.float32
    one, other = torch.randn(_ROWS, _HIDDEN, dtype=kind), torch.randn(_HIDDEN, _INNER, dtype=kind)
    with torch.inference_mode():
        fastest = min(_seconds(lambda: one @ other) for _ in range(200))
    return 2 * _ROWS * _HIDDEN * _INNER / fastest


def _seconds(run: Callable[[], object]) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started


if __name__ == "__main__":
    main()
