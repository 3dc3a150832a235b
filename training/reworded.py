"""Questions in other words: nouns, verbs and adjectives give way to synonyms, where the meaning stays.

Synonyms are those of a word's most frequent sense in WordNet (Miller, "WordNet: A Lexical Database for English", 1995).
Which sense a question means is not known; the encoder, trained on millions of pairs of questions that mean the same,
says whether the question with the synonym still asks for the same thing.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from lemminflect import getAllInflections, getAllLemmas, getInflection

from assistant.signals import FUNCTION_WORDS
from embeddings.encoder import Encoder
from embeddings.words import terms

ALIKE = 0.9  # cosine of two questions that ask for the same thing
TRIED = 6  # rewordings of a question
_WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")
_PARTS = {"NOUN": ("noun", "1"), "VERB": ("verb", "2"), "ADJ": ("adj", "3")}  # of speech: file, number in sense keys

Synonyms = dict[str, tuple[int, tuple[str, ...]]]  # by lemma: how often it was met, and the words for the same


class Thesaurus:
    """Synonyms by WordNet's files, inflected as the word was."""

    def __init__(self, folder: Path) -> None:
        self._synonyms = {part: _synonyms(folder, *named) for part, named in _PARTS.items()}
        self.of = lru_cache(maxsize=20_000)(self._of)

    def _of(self, word: str) -> tuple[str, ...]:
        """Words for the most frequent of the things that ``word`` may mean; none where they are not known."""
        lemmas = [(part, lemma) for part, found in getAllLemmas(word).items() for lemma in found]
        known = [
            (*self._synonyms[part][lemma], part, lemma)
            for part, lemma in lemmas
            if lemma in self._synonyms.get(part, ())
        ]
        if not known:
            return ()
        _, others, part, lemma = max(known)
        tags = [tag for tag, forms in getAllInflections(lemma, part).items() if word in forms]
        inflected = [forms[0] for other in others for tag in tags[:1] if (forms := getInflection(other, tag))]
        return tuple(form for form in inflected if form != word)


class Rewordings:
    """Puts synonyms into questions."""

    def __init__(self, thesaurus: Thesaurus, encoder: Encoder) -> None:
        self._thesaurus = thesaurus
        self._encoder = encoder

    def reword(self, question: str, chance: random.Random) -> str | None:
        """The question with one to three words changed; None where no change leaves what it asks for."""
        choices = [
            (match.span(), others)
            for match in _WORD.finditer(question)
            if FUNCTION_WORDS.isdisjoint(terms(match.group())) and (others := self._thesaurus.of(match.group()))
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


def _synonyms(folder: Path, file: str, number: str) -> Synonyms:
    """Of each lemma's first sense; see wndb(5WN) and senseidx(5WN) for the files."""
    synsets, counts = {}, Counter[str]()
    for fields in _lines(folder / f"data.{file}"):
        words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
        synsets[fields[0]] = [word for word in words if re.fullmatch("[a-z]+", word)]
    for key, _, count in _lines(folder / "cntlist.rev"):
        lemma, _, sense = key.partition("%")
        if sense.startswith(number):
            counts[lemma] += int(count)
    return {
        lemma: (counts[lemma], others)
        for lemma, _, _, pointers, *rest in _lines(folder / f"index.{file}")
        if (others := tuple(word for word in synsets[rest[int(pointers) + 2]] if word != lemma))
    }


def _lines(path: Path) -> Iterator[list[str]]:
    """The fields of each line below the licence, which is indented."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            yield line.split(" ")
