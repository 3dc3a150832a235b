from itertools import accumulate
from pathlib import Path

import pytest

from embeddings.encoder import Encoder
from training.reworded import Rewordings
from training.wordnet import Wordnet, WordnetFiles

LICENCE = "  1 This line is indented, as the licence in WordNet's files is.\n"
SYNSETS = {  # by a name here: the lexicographers' file, words with the numbers of their senses, pointers
    "noun": {
        "writer": "18 n 03 writer 0 author 0 pen_pusher 0 001 @ {person} n 0000",
        "clerk": "18 n 02 writer 1 scribe 0 001 @ {person} n 0000",
        "person": "03 n 01 person 0 000",
        "army": "14 n 01 army 0 001 @ {forces} n 0000",
        "navy": "14 n 02 navy 0 naval_forces 0 001 @ {forces} n 0000",
        "forces": "14 n 01 forces 0 002 ~ {army} n 0000 ~ {navy} n 0000",
        "harbour": "14 n 02 harbour 0 harbor 0 000",
        "Darwin": "18 n 02 Darwin 0 Charles_Darwin 0 001 @i {writer} n 0000",
        "Geneva": "15 n 01 Geneva 0 001 @i {person} n 0000",
    },
    "verb": {
        "purchase": "30 v 02 purchase 0 buy 0 001 @ {get} v 0000 01 + 08 00",
        "get": "30 v 01 get 0 000 01 + 08 00",
    },
    "adj": {
        "first": "00 a 02 first 0 foremost 0 001 ! {last} a 0101",
        "last": "00 a 01 last(a) 0 001 ! {first} a 0101",
    },
    "adv": {},
}
INDEX = {
    "noun": (
        "army n 1 1 @ 1 1 {army}",
        "author n 1 1 @ 1 1 {writer}",
        "darwin n 1 1 @i 1 0 {Darwin}",
        "forces n 1 1 ~ 1 0 {forces}",
        "geneva n 1 1 @i 1 0 {Geneva}",
        "harbour n 1 0 1 1 {harbour}",
        "navy n 1 1 @ 1 1 {navy}",
        "person n 1 0 1 0 {person}",
        "writer n 2 1 @ 2 1 {writer} {clerk}",
    ),
    "verb": ("buy v 1 1 @ 1 1 {purchase}", "get v 1 0 1 0 {get}", "purchase v 1 1 @ 1 1 {purchase}"),
    "adj": ("first a 1 1 ! 1 1 {first}", "last a 1 1 ! 1 1 {last}"),
    "adv": (),
}
COUNTS = (
    "buy%2:30:00:: 1 90",
    "writer%1:10:00:: 1 40",
    "army%1:14:00:: 1 30",
    "navy%1:14:00:: 1 20",
    "first%3:00:00:: 1 50",
    "last%3:00:00:: 1 60",
)


@pytest.fixture(scope="session")
def wordnet_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few synsets in the format of wndb(5WN), each named by the byte at which its line starts."""
    folder: Path = tmp_path_factory.mktemp("wordnet")
    for part, synsets in SYNSETS.items():
        unnamed = dict.fromkeys(synsets, "0" * 8)
        lines = {name: f"{{{name}}} {fields} | a gloss\n" for name, fields in synsets.items()}
        starts = accumulate((len(line.format(**unnamed)) for line in lines.values()), initial=len(LICENCE))
        offsets = {name: f"{start:08}" for name, start in zip(synsets, starts, strict=False)}
        (folder / f"data.{part}").write_text(LICENCE + "".join(lines.values()).format(**offsets))
        (folder / f"index.{part}").write_text(LICENCE + "".join(f"{line}\n" for line in INDEX[part]).format(**offsets))
        (folder / f"{part}.exc").write_text("")
    (folder / "cntlist.rev").write_text("".join(f"{line}\n" for line in COUNTS))
    return folder


@pytest.fixture(scope="session")
def wordnet(wordnet_folder: Path) -> Wordnet:
    return Wordnet(WordnetFiles(wordnet_folder))


@pytest.fixture(scope="session")
def rewordings(wordnet: Wordnet, minilm: Encoder) -> Rewordings:
    return Rewordings(wordnet, minilm)
