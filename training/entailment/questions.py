"""``python -m training.entailment.questions``: how often the careful checker takes questions for contradicted.

They are those about the held-out pages of ``squad2_calibrate8``, each with its own paragraph.
"""

from collections import Counter

from rich.console import Console

from assistant.grounding.entailment import Checker
from assistant.grounding.windows import window_texts
from evals.data import squad
from evals.data.collection import Folder
from evals.data.held_out import MAX_PARAGRAPHS, held_out

FILE = "squad2_calibrate8"
_READ = 2  # windows of a paragraph, as `assistant.answering.contradicted_question` reads


def main() -> None:
    """Count the contradicted questions among those that their paragraph answers, and among the others."""
    folder, checker = Folder.from_environment(), Checker.choose("careful")
    places = held_out(folder, FILE)
    asked, contradicted = Counter[bool](), Counter[bool]()
    for block in squad.blocks(folder, f"{FILE}.json.gz", MAX_PARAGRAPHS, places):
        for paragraph in block.paragraphs:
            for row in paragraph["qas"]:
                read = checker.read(row["question"], window_texts(row["question"], paragraph["context"])[:_READ])
                answered = bool(row["answers"])
                asked[answered] += 1
                contradicted[answered] += max(one.contradicted for one in read) >= checker.thresholds.contradicted
    for answered, name in ((True, "answered"), (False, "not answered")):
        Console().print(f"{contradicted[answered]} of {asked[answered]} that are {name} by their paragraph")


if __name__ == "__main__":
    main()
