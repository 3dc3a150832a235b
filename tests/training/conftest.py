from pathlib import Path

import pytest

from embeddings.encoder import Encoder
from training.reworded import Rewordings
from training.wordnet import Wordnet

LICENCE = "  1 This line is indented, as the licence in WordNet's files is.\n"
FILES = {
    "data.noun": (
        "00000100 10 n 03 writer 0 author 0 pen_pusher 0 001 @ 00000300 n 0000 | one who writes",
        "00000200 18 n 02 writer 1 scribe 0 001 @ 00000300 n 0000 | a clerk",
        "00000600 14 n 01 army 0 001 @ 00000800 n 0000 | it fights on land",
        "00000700 14 n 02 navy 0 naval_forces 0 001 @ 00000800 n 0000 | it fights at sea",
        "00000800 14 n 01 forces 0 002 ~ 00000600 n 0000 ~ 00000700 n 0000 | they fight",
        "00000900 14 n 02 harbour 0 harbor 0 000 | ships call there",
    ),
    "index.noun": (
        "army n 1 1 @ 1 1 00000600",
        "author n 1 1 @ 1 1 00000100",
        "harbour n 1 0 1 1 00000900",
        "navy n 1 1 @ 1 1 00000700",
        "writer n 2 1 @ 2 1 00000100 00000200",
    ),
    "data.verb": ("00000400 30 v 02 purchase 0 buy 0 001 @ 00000500 v 0000 01 + 08 00 | obtain for money",),
    "index.verb": ("buy v 1 1 @ 1 1 00000400", "purchase v 1 1 @ 1 1 00000400"),
    "data.adj": (
        "00001000 00 a 02 first 0 foremost 0 001 ! 00001100 a 0101 | before all others",
        "00001100 00 a 01 last(a) 0 001 ! 00001000 a 0101 | after all others",
    ),
    "index.adj": ("first a 1 1 ! 1 1 00001000", "last a 1 1 ! 1 1 00001100"),
    "cntlist.rev": (
        "buy%2:30:00:: 1 90",
        "writer%1:10:00:: 1 40",
        "army%1:14:00:: 1 30",
        "navy%1:14:00:: 1 20",
        "first%3:00:00:: 1 50",
        "last%3:00:00:: 1 60",
    ),
}


@pytest.fixture(scope="session")
def wordnet(tmp_path_factory: pytest.TempPathFactory) -> Wordnet:
    """A few synsets in the format of wndb(5WN)."""
    folder: Path = tmp_path_factory.mktemp("wordnet")
    for name, lines in FILES.items():
        (folder / name).write_text(LICENCE + "\n".join(lines) + "\n")
    return Wordnet(folder)


@pytest.fixture(scope="session")
def rewordings(wordnet: Wordnet, minilm: Encoder) -> Rewordings:
    return Rewordings(wordnet, minilm)
