"""``python -m training.entailment.answers``: what the checker adds to what a reader knows of a question.

Held-out pages' questions, half of which their own paragraph does not answer: the AUROC, out of fold, with which a
logistic regression tells them apart, by the reader's scores, and with what the checker says of the answer.
"""

import math
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.answering.answer_check import check_short_answer
from assistant.grounding.entailment import Checker
from assistant.reading.cached_pairs import TitledPassage
from assistant.reading.reader import Readers
from assistant.settings import ReaderName
from embeddings.text.sentences import sentence_spans
from evals.data.collection import Folder, sample
from evals.metrics.selection import auroc
from training.data.rows import load

_FILES = ("squad2_calibrate8", "squad2_train9")
_FOLDS = 5


def main(
    reader: Annotated[ReaderName, typer.Option(help="The reader, with its checker.")] = "careful",
    questions: Annotated[int, typer.Option(min=_FOLDS, help="How many are asked.")] = 700,
) -> None:
    """Print both figures."""
    readers, checker = Readers.choose(reader), Checker.choose(reader)
    kept = [row for row in load(Folder.from_environment())[1] if row.file in _FILES]
    read, checked, answered, pages = list[list[float]](), list[list[float]](), list[bool](), list[str]()
    for row in track(sample(kept, questions), "reading"):
        (logits,) = readers.all[-1].read(row.question, [TitledPassage(row.title, row.context)])
        best = logits.best_span()
        if best is None:
            continue
        sentence = next(one for one in sentence_spans(row.context) if best.span.start < one.end).cut(row.context)
        check = check_short_answer(row.question, best.span.cut(row.context), sentence, checker)
        read.append([logits.has_answer, best.score, math.log(max(best.probability, 1e-6))])
        checked.append([check["supported"], check["contradicted"]])
        answered.append(bool(row.spans))
        pages.append(row.page)
    labels = np.array(answered)
    for name, features in (("reader", np.array(read)), ("reader and checker", np.hstack([read, checked]))):
        model = make_pipeline(StandardScaler(), LogisticRegression())
        folds = GroupKFold(_FOLDS)
        odds = cross_val_predict(model, features, labels, groups=pages, cv=folds, method="decision_function")
        Console().print(
            f"{name}: AUROC {auroc(odds, labels):.3f} of {len(labels)} questions, {labels.mean():.0%} answered"
        )


if __name__ == "__main__":
    typer.run(main)
