"""WordNet: synonyms, antonyms and sister terms of a word, in the same inflection.

Source: Miller, "WordNet: A Lexical Database for English" (1995). Only a word's most frequent sense is used.
"""

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from io import StringIO
from pathlib import Path

import nltk.data
from lemminflect import getAllInflections, getAllLemmas, getInflection
from nltk.corpus.reader.wordnet import Synset, WordNetCorpusReader
from nltk.data import FileSystemPathPointer

from evals.errors import DataMissing

_PARTS = {"NOUN": ("n", "1"), "VERB": ("v", "2"), "ADJ": ("a", "3")}  # of speech: NLTK's tag, number in sense keys
_FREQUENT = 4  # occurrences in WordNet's sense-tagged texts: a rarer word would stand out


class WordnetFiles(WordNetCorpusReader):  # type: ignore[misc]  # NLTK has no types
    """NLTK's WordNet reader for the files in Debian's package.

    Debian leaves out the names of the lexicographer files and the sense index. So a synset's ``lexname`` is the number
    of its file (18 for people), and there is no mapping from other versions.

    Raises:
        DataMissing: the files are not in the folder.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "data.noun").is_file():
            raise DataMissing(
                "WordNet is not on this machine.",
                expected="data.noun and the other files of WordNet",
                got=f"no such file in {folder}",
                hint="Install it (Debian: wordnet-base), or name its folder: --wordnet.",
            )
        self._folder = folder
        nltk.data.path.append(str(folder.resolve()))  # NLTK opens only files in these folders
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that there are no other languages
            super().__init__(FileSystemPathPointer(str(folder)), omw_reader=None)

    def open(self, file: str) -> StringIO:
        """Return the text of a file, decoded as Latin-1 so that byte offsets are valid in it."""
        if file == "lexnames":
            return StringIO("".join(f"{number:02} {number:02} 0\n" for number in range(45)))
        return StringIO((self._folder / file).read_text(encoding="latin-1"))

    def map_wn(self, version: str = "wordnet") -> None:
        """Do nothing, as there is no mapping from other versions."""


class Part:
    """The words of one part of speech, their frequencies and their relations."""

    def __init__(self, files: WordnetFiles, tag: str, number: str) -> None:
        self._files = files
        self._tag = tag
        self._lemmas = frozenset(files.all_lemma_names(tag))
        self.frequency = Counter[str]()
        for line in files.open("cntlist.rev"):
            key, _, count = line.split()
            lemma, _, sense = key.partition("%")
            if sense.startswith(number):
                self.frequency[lemma] += int(count)

    def __contains__(self, lemma: str) -> bool:
        return lemma in self._lemmas

    def synonyms(self, lemma: str) -> Iterable[str]:
        """Return the synonyms of a word."""
        return (word for word in self._sense(lemma).lemma_names() if word != lemma)

    def opposites(self, lemma: str) -> Iterable[str]:
        """Return the frequent antonyms of the word itself, not those of its synonyms."""
        own = (one for one in self._sense(lemma).lemmas() if one.name() == lemma)
        return (
            antonym.name() for one in own for antonym in one.antonyms() if self.frequency[antonym.name()] >= _FREQUENT
        )

    def sisters(self, lemma: str) -> Iterable[str]:
        """Return frequent nouns that share a hypernym; no verbs, because too many mean nearly the same."""
        if self._tag != "n":
            return ()
        sense = self._sense(lemma)
        near = [two for one in _ordered(sense.hypernyms()) for two in _ordered(one.hyponyms()) if two != sense]
        return (
            word
            for synset in near
            for word in synset.lemma_names()
            if word in self and self._sense(word) == synset and self.frequency[word] >= _FREQUENT
        )

    def _sense(self, lemma: str) -> Synset:
        return self._files.synsets(lemma, self._tag)[0]


Relation = Callable[[Part, str], Iterable[str]]


class Wordnet:
    """The relations of nouns, verbs and adjectives."""

    def __init__(self, files: WordnetFiles) -> None:
        self._parts = {part: Part(files, *named) for part, named in _PARTS.items()}
        self.related = lru_cache(maxsize=60_000)(self._related)

    def _related(self, word: str, relation: Relation) -> tuple[str, ...]:
        """Return the related words, in the same inflection as ``word``; empty if there are none.

        Of the lemmas and parts of speech that ``word`` may have, the most frequent is used. ``relation`` is a method of
        :class:`Part`.
        """
        lemmas = [
            (of.frequency[lemma], part, lemma)
            for part, found in getAllLemmas(word).items()
            for lemma in found
            if (of := self._parts.get(part)) and lemma in of
        ]
        if not lemmas:
            return ()
        _, part, lemma = max(lemmas)
        others = [one for one in relation(self._parts[part], lemma) if re.fullmatch("[a-z]+", one)]
        # Shorter tags are the more basic forms: NN before NNS, VB before VBN.
        tags = sorted((tag for tag, forms in getAllInflections(lemma, part).items() if word in forms), key=len)
        inflected = [forms[0] for other in others for tag in tags[:1] if (forms := getInflection(other, tag))]
        return tuple(form for form in dict.fromkeys(inflected) if form != word)


def _ordered(synsets: Iterable[Synset]) -> list[Synset]:
    """Return the synsets in the order of the files, because NLTK's order differs between processes."""
    return sorted(synsets, key=lambda synset: int(synset.offset()))
