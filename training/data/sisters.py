"""Examples with a noun exchanged for a sister term, such as "boats" for "cars"."""

import random
from collections.abc import Iterator

from embeddings.encoder import Encoder
from training.data.item import Item
from training.data.relations import Relations
from training.data.rows import Row
from training.reworded import ALIKE
from training.wordnet import Part, Wordnet


class Sisters:
    """Exchanges nouns for sister terms of WordNet, where the encoder finds that another thing is meant."""

    def __init__(self, wordnet: Wordnet, encoder: Encoder) -> None:
        self._relations = Relations(lambda word: wordnet.related(word, Part.sisters), "sister")
        self._encoder = encoder

    def question(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the question with a noun of the answering sentence exchanged (unanswerable)."""
        yield from self._different(row, list(self._relations.question(row, chance)))

    def passage(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the passage with another noun: with its question (unanswerable), then with the question adapted."""
        yield from self._different(row, list(self._relations.passage(row, chance)))

    def _different(self, row: Row, made: list[Item]) -> list[Item]:
        """Return the items if the last one's question does not mean the same as the row's, else none."""
        if not made:
            return []
        one, other = self._encoder.encode([row.question, made[-1].example.question], "query")
        return made if one @ other < ALIKE else []
