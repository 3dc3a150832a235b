"""Examples made by deleting sentences of a passage: the answering ones, or an irrelevant one."""

import random
from collections.abc import Iterator

from training.data.answerability import ASKED, answers, covers
from training.data.edits import holding, sentences, without
from training.data.item import Item, item
from training.data.rows import Row

_LEAST = 3  # minimum number of sentences of a passage, so that enough is left after the deletion


def cut(row: Row, chance: random.Random) -> Iterator[Item]:
    """Yield the passage without its answering sentences (unanswerable), then without another sentence (answerable).

    With both, a gap in the text does not reveal that the answer is missing. Nothing is yielded where the rest of the
    passage may still answer.
    """
    every = sentences(row.context)
    answering = holding(every, row.spans)
    others = [one for one in every if one not in answering]
    if len(every) < _LEAST or not others:
        return
    left = without(row.context, answering).text
    if not answers(left, row.answers) and max(covers(left[s:e], row.question) for s, e in sentences(left)) < ASKED:
        yield item("cut", row.file, row.question, left)
        # Only later sentences are deleted: an earlier one may name what a pronoun of the answering one refers to.
        spare = [one for one in others if one[0] > answering[0][1]]
        if spare:
            yield item("cut", row.file, row.question, *without(row.context, [chance.choice(spare)], row.spans))
