from pathlib import Path

from training.data.entities import Things
from training.wordnet import WordnetFiles


def test_wordnet_tells_people_and_places_from_other_names(wordnet_folder: Path) -> None:
    things = Things([], WordnetFiles(wordnet_folder))
    found = things.of("It was in Geneva that Charles Darwin wrote of the Beagle.")
    assert [(one.kind, one.text) for one in found] == [
        ("place", "Geneva"),
        ("person", "Charles Darwin"),
        ("name", "Beagle"),
    ]
