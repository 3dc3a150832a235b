"""What the reader never trains on: whole pages of the training files, kept so that calibration tells the truth."""

from collections.abc import Mapping

from evals.data import squad
from evals.data.collection import Folder, sample

LONGEST = 75  # paragraphs of a block: all comments of a site are not one page
SHARES: Mapping[str, float] = {
    "squadshifts_new_wiki": 0.15,
    "squadshifts_amazon": 0.12,
    "squadshifts_reddit": 0.12,
    "squad2_calibrate8": 0.38,  # 3 of 8: its questions that only look answerable are all there are for both uses
}


def held_out(folder: Folder, file: str) -> set[str]:
    """The places of a file's blocks that are held out, the same in every run.

    Raises:
        DataMissing: the file is not in the folder.
    """
    places = [block.place for block in squad.blocks(folder, f"{file}.json.gz", LONGEST)]
    return set(sample(places, round(SHARES[file] * len(places))))
