"""WordNet's files: the words that one may give way to, inflected as it was.

Miller, "WordNet: A Lexical Database for English" (1995); wndb(5WN) and senseidx(5WN) describe the files. A word is
taken in the sense that is met most often.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from lemminflect import getAllInflections, getAllLemmas, getInflection

_PARTS = {"NOUN": ("noun", "1"), "VERB": ("verb", "2"), "ADJ": ("adj", "3")}  # of speech: file, number in sense keys
_MET = 4  # times, in the texts that WordNet was counted on: a rarer word would stand out


class Pointer(NamedTuple):
    """How word ``source`` relates to word ``word`` of synset ``target``: ``!`` its antonym, ``@`` its hypernym.

    Words count from 1; 0 stands for all of them.
    """

    kind: str
    target: str
    source: int
    word: int


class Synset(NamedTuple):
    """Words for the same thing, and what else it has to do with."""

    words: tuple[str, ...]
    pointers: tuple[Pointer, ...]


class Part:
    """A part of speech."""

    def __init__(self, folder: Path, file: str, number: str) -> None:
        self.name = file
        self._synsets = {fields[0]: _synset(fields) for fields in _lines(folder / f"data.{file}")}
        self._first = {
            lemma: rest[int(pointers) + 2] for lemma, _, _, pointers, *rest in _lines(folder / f"index.{file}")
        }
        self.met = Counter[str]()
        for key, _, count in _lines(folder / "cntlist.rev"):
            lemma, _, sense = key.partition("%")
            if sense.startswith(number):
                self.met[lemma] += int(count)

    def __contains__(self, lemma: str) -> bool:
        return lemma in self._first

    def synonyms(self, lemma: str) -> Iterable[str]:
        """Other words for the same."""
        return (word for word in self._sense(lemma).words if word != lemma)

    def opposites(self, lemma: str) -> Iterable[str]:
        """Antonyms of this very word."""
        sense = self._sense(lemma)
        return (
            word
            for one in sense.pointers
            if one.kind == "!" and sense.words[one.source - 1] == lemma
            if self.met[word := self._synsets[one.target].words[one.word - 1]] >= _MET
        )

    def sisters(self, lemma: str) -> Iterable[str]:
        """Nouns for other things of the same kind; of verbs too many mean nearly the same."""
        if self.name != "noun":
            return ()
        near = [two for one in self._to(self._first[lemma], "@") for two in self._to(one, "~")]
        return (
            word
            for target in near
            if target != self._first[lemma]
            for word in self._synsets[target].words
            if self._first.get(word) == target and self.met[word] >= _MET
        )

    def _sense(self, lemma: str) -> Synset:
        return self._synsets[self._first[lemma]]

    def _to(self, offset: str, kind: str) -> list[str]:
        return [one.target for one in self._synsets[offset].pointers if one.kind == kind]


Relation = Callable[[Part, str], Iterable[str]]


class Wordnet:
    """Nouns, verbs and adjectives."""

    def __init__(self, folder: Path) -> None:
        self._parts = {part: Part(folder, *named) for part, named in _PARTS.items()}
        self.related = lru_cache(maxsize=60_000)(self._related)

    def _related(self, word: str, relation: Relation) -> tuple[str, ...]:
        """Words in that relation to the most frequent of the things that ``word`` may mean; none where none is known.

        ``relation`` is a method of :class:`Part`.
        """
        lemmas = [
            (of.met[lemma], part, lemma)
            for part, found in getAllLemmas(word).items()
            for lemma in found
            if (of := self._parts.get(part)) and lemma in of
        ]
        if not lemmas:
            return ()
        _, part, lemma = max(lemmas)
        others = [one for one in relation(self._parts[part], lemma) if re.fullmatch("[a-z]+", one)]
        # Shorter tags are plainer: NN before NNS, VB before VBN.
        tags = sorted((tag for tag, forms in getAllInflections(lemma, part).items() if word in forms), key=len)
        inflected = [forms[0] for other in others for tag in tags[:1] if (forms := getInflection(other, tag))]
        return tuple(form for form in dict.fromkeys(inflected) if form != word)


def _synset(fields: list[str]) -> Synset:
    last = 4 + 2 * int(fields[3], 16)
    pointers = fields[last + 1 : last + 1 + 4 * int(fields[last])]
    return Synset(
        tuple(word.partition("(")[0] for word in fields[4:last:2]),
        tuple(
            Pointer(kind, target, *bytes.fromhex(between))
            for kind, target, _, between in zip(*(pointers[i::4] for i in range(4)), strict=True)
        ),
    )


def _lines(path: Path) -> Iterator[list[str]]:
    """The fields of each line below the licence, which is indented."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            yield line.split(" ")
