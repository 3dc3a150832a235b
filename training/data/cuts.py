"""Passages that a sentence was cut out of: the one that answers, or another."""

import random
from collections.abc import Iterator

from training.data.edits import holding, sentences, without
from training.data.item import Item, item
from training.data.rows import Row
from training.data.told import ASKED, answers, covers

_LEAST = 3  # sentences, so that something is left to read


def cut(row: Row, chance: random.Random) -> Iterator[Item]:
    """The passage without its answer, and, so that a gap tells nothing, without a sentence that is not needed."""
    every = sentences(row.context)
    answering = holding(every, row.spans)
    others = [one for one in every if one not in answering]
    if len(every) < _LEAST or not others:
        return
    left = without(row.context, answering).text
    if not answers(left, row.answers) and max(covers(left[s:e], row.question) for s, e in sentences(left)) < ASKED:
        yield item("cut", row.file, row.question, left)
        # The sentence before may name what the answering one only points back to.
        spare = [one for one in others if one[0] > answering[0][1]]
        if spare:
            yield item("cut", row.file, row.question, *without(row.context, [chance.choice(spare)], row.spans))
