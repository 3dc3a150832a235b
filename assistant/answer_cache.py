"""The cache of answers, so that the same question on the same library generation is not computed again."""

from collections.abc import Hashable
from threading import Lock

from cachetools import LRUCache

from assistant.answer import Answer


class AnswerCache:
    """The answers that were used last, by their requests. Safe to share between threads."""

    def __init__(self, max_size: int) -> None:
        self._answers: LRUCache[Hashable, Answer] = LRUCache(max_size)
        self._lock = Lock()

    def get(self, key: Hashable) -> Answer | None:
        """Return the cached answer."""
        with self._lock:
            return self._answers.get(key)

    def put(self, key: Hashable, answer: Answer) -> None:
        """Cache an answer, and evict the least recently used one if the cache is full."""
        with self._lock:
            self._answers[key] = answer
