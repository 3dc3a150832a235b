"""Held-out pages of the training files, on which the reader is never trained, so that calibration is not biased."""

from collections.abc import Mapping

from evals.data import squad
from evals.data.collection import Folder, sample

MAX_PARAGRAPHS = 75  # of a block, because all comments of a website are not one page
SHARES: Mapping[str, float] = {
    "squadshifts_new_wiki": 0.15,
    "squadshifts_amazon": 0.12,
    "squadshifts_reddit": 0.12,
    "squad2_calibrate8": 0.38,  # 3 of 8: the only source of questions that look answerable and are not
}


def held_out(folder: Folder, file: str) -> set[str]:
    """Return the names of a file's held-out blocks, which are the same in every run.

    Raises:
        DataMissing: The file is not in the folder.
    """
    places = [block.place for block in squad.blocks(folder, f"{file}.json.gz", MAX_PARAGRAPHS)]
    return set(sample(places, round(SHARES[file] * len(places))))
