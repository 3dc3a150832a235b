"""Reworded questions: nouns, verbs and adjectives are replaced by synonyms that keep the question's meaning.

Synonyms are those of a word's most frequent sense in WordNet (Miller, "WordNet: A Lexical Database for English", 1995).
As the question may use another sense, the encoder, which was trained on millions of pairs of questions with the same
meaning, checks that the reworded question still asks for the same thing.
"""

import random
import re

from embeddings.encoder import Encoder
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms
from training.wordnet import Part, Wordnet

ALIKE = 0.9  # the lowest cosine of two questions that ask for the same thing
TRIED = 6  # candidate rewordings of a question
_WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")


class Rewordings:
    """Replaces words of questions by synonyms."""

    def __init__(self, wordnet: Wordnet, encoder: Encoder) -> None:
        self._wordnet = wordnet
        self._encoder = encoder

    def reword(self, question: str, chance: random.Random) -> str | None:
        """Return the question with one to three words replaced; None if no candidate keeps the meaning."""
        choices = [
            (match.span(), others)
            for match in _WORD.finditer(question)
            if STOP_WORDS.isdisjoint(terms(match.group()))
            and (others := self._wordnet.related(match.group(), Part.synonyms))
        ]
        if not choices:
            return None
        tried = sorted({_put(question, choices, chance) for _ in range(TRIED)})
        vectors = self._encoder.encode([question, *tried], "query")
        alike = [text for text, cosine in zip(tried, vectors[1:] @ vectors[0], strict=True) if cosine >= ALIKE]
        return chance.choice(alike) if alike else None


def _put(question: str, choices: list[tuple[tuple[int, int], tuple[str, ...]]], chance: random.Random) -> str:
    for (start, end), others in sorted(chance.sample(choices, min(len(choices), chance.randint(1, 3))), reverse=True):
        question = question[:start] + chance.choice(others) + question[end:]
    return question
