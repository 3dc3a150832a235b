"""Named entities of a text by kind: people, places, other names, years, dates, amounts and numbers.

Regular expressions find the entities. The kind of a name comes from WordNet's instances, or else from the contexts in
which the name is used in all texts.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, cast

from training.wordnet import WordnetFiles

Kind = Literal["date", "year", "money", "percent", "number", "person", "place", "name"]
NAMES: tuple[Kind, ...] = ("person", "place", "name")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SCALE = r"(?: (?:hundred|thousand|million|billion|trillion))?"
_WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety"
_CAPITAL = rf"(?!{_MONTH}\b)[A-Z](?:[\w’'-]{{0,30}}?\w)?(?=['’]s\b|['’]?(?![\w’'-]))"  # without a possessive 's
_PATTERNS: Mapping[Kind, str] = {
    "date": rf"\b(?:{_MONTH} \d\d?(?:st|nd|rd|th)?(?:, \d{{4}})?|\d\d? {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{4}})\b",
    "money": rf"(?:[$€£¥]\s?{_FIGURE}{_SCALE})|\b{_FIGURE}{_SCALE} (?:dollars|euros|pounds|yen)\b",
    "percent": rf"\b{_FIGURE}(?: ?%| per ?cent\b)",
    "year": r"\b(?:1[0-9]|20)\d\d\b(?!,\d)",
    "number": rf"\b{_FIGURE}{_SCALE}(?![\w%])|\b(?:{_WORDS})\b{_SCALE}",
    "name": rf"\b{_CAPITAL}(?:(?: (?:of|of the|de|la|van|von|du|al))? {_CAPITAL})*",
}
_ANY = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))
_SMALL = re.compile(r"\b[a-z][\w’'-]+")
_PLACED = re.compile(r"\b(?:in|near|across|throughout) (?:the )?$")
_TITLES = ("Mrs", "Sir", "President", "Minister", "King", "Queen", "Prince", "General", "Professor", "Senator")
_TITLED = re.compile(rf"\b(?:Mr|Ms|Dr|{'|'.join(_TITLES)})\.? $")
_SHORT = 2  # letters; names up to this length are initials or fragments, and are ignored
_SPOKE = re.compile(r"(?:'s)? (?:said|says|told|wrote|argued|was born|who|married|died|believed|added)\b")
_FILES: Mapping[str, Kind] = {
    "15": "place",
    "18": "person",
}  # numbers of WordNet's lexicographer files noun.location and noun.person


class Thing(NamedTuple):
    """A named entity: its kind, its character span in the text, and its surface form."""

    kind: Kind
    start: int
    end: int
    text: str


class Things:
    """Finds named entities; built from all texts, whose usage decides what is a name and of which kind."""

    def __init__(self, texts: Iterable[str], wordnet: WordnetFiles | None = None) -> None:
        texts = list(dict.fromkeys(texts))
        # A word that also occurs in lower case is not a name, or not a distinctive one.
        self._small = {word for text in texts for word in _SMALL.findall(text)}
        self._kinds: dict[str, Kind] = dict(_instances(wordnet)) if wordnet else {}
        self._given = {name.split()[0] for name, kind in self._kinds.items() if kind == "person" and " " in name}
        seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            for name, start, end in self._names(text):
                seen[name]["all"] += 1
                seen[name]["place"] += bool(_PLACED.search(text, max(0, start - 16), start))
                before = bool(_TITLED.search(text, max(0, start - 16), start))
                seen[name]["person"] += before or bool(_SPOKE.match(text, end))
        self._seen = {name: counts["all"] for name, counts in seen.items()}
        for name, counts in seen.items():
            self._kinds.setdefault(name, self._told(name, counts))

    def of(self, text: str) -> list[Thing]:
        """Return the entities of a text, in the order in which they occur."""
        found = [
            Thing(cast("Kind", kind), match.start(), match.end(), match.group())
            for match in _ANY.finditer(text)
            if (kind := match.lastgroup) and kind != "name"
        ]
        found += [Thing(self.kind(name), start, end, name) for name, start, end in self._names(text)]
        return sorted(found, key=lambda one: one.start)

    def named(self, kind: Kind, least: int = 2) -> list[str]:
        """Return the names of a kind that occur at least ``least`` times in all texts, sorted."""
        return sorted(name for name, times in self._seen.items() if times >= least and self.kind(name) == kind)

    def kind(self, name: str) -> Kind:
        """Return the kind of a name."""
        return self._kinds.get(name) or self._told(name, Counter())

    def _names(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield each name in a text with its start and end."""
        for match in _ANY.finditer(text):
            if match.lastgroup != "name":
                continue
            name, start = match.group(), match.start()
            # A common word that is capitalised at the start of a sentence is not part of the name.
            while (first := name.partition(" ")[0]).lower() in self._small and " " in name:
                name, start = name[len(first) + 1 :], start + len(first) + 1
            usual = name.lower() in self._small or name in (*_TITLES, *_DAYS) or not name[0].isupper()
            if len(name) > _SHORT and not usual:
                yield name, start, match.end()

    def _told(self, name: str, counts: Mapping[str, int]) -> Kind:
        """Return the kind of a name by how often it is used as a place or as a person."""
        if counts.get("place", 0) >= 2 and counts["place"] >= 0.3 * counts["all"]:
            return "place"
        if " " in name and name.split(maxsplit=1)[0] in self._given:
            return "person"
        if counts.get("person", 0) >= 2 or (counts.get("person", 0) and " " in name):
            return "person"
        return "name"


def _instances(files: WordnetFiles) -> Iterator[tuple[str, Kind]]:
    """Yield every name of WordNet's people and places, with its kind."""
    for synset in files.all_synsets("n"):
        kind = _FILES.get(synset.lexname())
        if kind and synset.instance_hypernyms():
            for word in synset.lemma_names():
                yield " ".join(part[:1].upper() + part[1:] for part in word.split("_")), kind
