"""Questions with the paragraphs that they were written about, split into training and held-out questions."""

from dataclasses import dataclass, field

from evals.data import squad
from evals.data.collection import Folder
from evals.data.held_out import MAX_PARAGRAPHS, SHARES, held_out

TITLED = ("squadshifts_new_wiki", "squad2_calibrate8")  # in the other files, titles are numbers


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its file and the title of its page, which is empty if the file's titles are only numbers.

    Paragraphs with the same ``place`` are consecutive paragraphs of one page, in this order.
    """

    file: str
    title: str
    text: str
    place: str = ""


@dataclass(frozen=True)
class Question:
    """A question about ``paragraphs[paragraph]``.

    ``spans`` are the accepted answers in the paragraph, in characters; empty if it does not answer the question.
    """

    text: str
    paragraph: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Questions:
    """Paragraphs and the questions about them."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def load(folder: Folder) -> tuple[Questions, Questions]:
    """Return the training questions and the held-out questions.

    Raises:
        DataMissing: a file is not in the folder.
    """
    train, kept = Questions(), Questions()
    for file in SHARES:
        out = held_out(folder, file)
        for block in squad.blocks(folder, f"{file}.json.gz", MAX_PARAGRAPHS):
            side = kept if block.place in out else train
            for paragraph in block.paragraphs:
                here = len(side.paragraphs)
                title = block.title if file in TITLED else ""
                side.paragraphs.append(Paragraph(file, title, paragraph["context"], block.place))
                for asked in paragraph["qas"]:
                    spans = {(a["answer_start"], a["answer_start"] + len(a["text"])) for a in asked["answers"]}
                    side.questions.append(Question(asked["question"].strip(), here, tuple(sorted(spans))))
    return train, kept
