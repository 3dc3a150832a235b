"""Answers that were given: the same question on the same generation is not computed again."""

from collections.abc import Hashable
from threading import Lock

from cachetools import LRUCache

from assistant.answer import Answer


class AnswerCache:
    """The last ``most`` answers by what was asked. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        """None yet."""
        self._answers: LRUCache[Hashable, Answer] = LRUCache(most)
        self._lock = Lock()

    def get(self, asked: Hashable) -> Answer | None:
        """The answer that was given, if it is still known."""
        with self._lock:
            return self._answers.get(asked)

    def keep(self, asked: Hashable, answer: Answer) -> None:
        """Keep an answer, and forget the one that was asked for longest ago where there are too many."""
        with self._lock:
            self._answers[asked] = answer
