"""Ingestion beside questions."""

import time
from concurrent.futures import ThreadPoolExecutor

from embeddings.encoder import Encoder
from embeddings.ingest import chunk_article
from embeddings.priority_lock import MODEL_LOCK
from embeddings.text.article import Article


def test_chunking_leaves_most_of_the_time_to_questions(minilm: Encoder) -> None:
    article = Article.create("The grain rose by some cents on that day again. " * 20_000, title="Grain")

    def share() -> float:
        used, begun = time.thread_time(), time.monotonic()
        assert chunk_article(article, minilm).spans
        return (time.thread_time() - used) / (time.monotonic() - begun)

    with ThreadPoolExecutor(1) as threads, MODEL_LOCK.foreground():
        assert threads.submit(share).result() < 0.5
