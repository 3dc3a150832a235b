"""``python -m training.entailment.data.short_answers``: questions with the small reader's answers, as pairs.

The checker is asked of an answer beside the cited sentence (assistant/answering/answer_check.py). To learn that, the
small reader answers the examples that ``python -m training.data`` made, whether they have an answer or not. After Hu et
al., "Read + Verify: Machine Reading Comprehension with Unanswerable Questions" (2019).
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from assistant.answering.answer_check import as_statement
from assistant.reading.cached_pairs import TitledPassage
from assistant.reading.reader import Reader, Readers
from embeddings.text.article import Span
from embeddings.text.sentences import sentence_spans
from evals.metrics.reading import f1
from training.data import item
from training.data.item import Item
from training.entailment.config import SHORT_ANSWER
from training.entailment.data.pairs import NOT_SUPPORTED, SUPPORTED, Pair
from training.work_folder import WORK

FOLDER = WORK / "entailment" / "short_answers"
_MOST = {  # examples of a kind that are read; of others all
    "asked": 36_000, "neighbour": 9_000, "cut": 12_000, "exchanged_passage": 12_000, "relation_question": 8_000,
    "relation_passage": 5_000, "sister_question": 11_000, "sister_passage": 8_000, "reworded": 6_000,
    "transferred": 8_000, "twins_written": 8_000,
}  # fmt: skip
_TEMPLATED = "qasrl_gs"
_ALONE = 0.5  # of the sentences stand alone
_SAME = 0.5  # F1 of the words of two answers that say the same; with none in common one is wrong


def main(
    examples: Annotated[Path, typer.Argument(help="Folder of the examples.")] = WORK / "examples",
    folder: Annotated[Path, typer.Option(help="Folder to write to.")] = FOLDER,
    part: Annotated[int, typer.Option(help="The part of the examples to read, from 0.")] = 0,
    parts: Annotated[int, typer.Option(help="How many parts there are.")] = 1,
) -> None:
    """Write the pairs of a part of the examples."""
    reader, chance = Readers.choose("small").all[-1], random.Random(part)  # noqa: S311  it has to be repeatable
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / f"{part}-of-{parts}.jsonl"
    with out.with_suffix(".part").open("w", encoding="utf-8") as lines:
        for one in track(_chosen(examples)[part::parts], "reading"):
            lines.writelines(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs(one, reader, chance))
    out.with_suffix(".part").replace(out)
    Console().print(f"The pairs are in {out}.")


def load(folder: Path = FOLDER) -> Iterator[Pair]:
    """Yield the pairs of all parts in a folder; none if there is none."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from (Pair(*json.loads(line)) for line in lines)


def pairs(one: Item, reader: Reader, chance: random.Random) -> Iterator[Pair]:
    """Yield the reader's answer to an example, and the accepted one where the reader's is wrong."""
    (read,) = one.example.readings
    (logits,) = reader.read(one.example.question, [TitledPassage(read.heading, read.passage)])
    best = logits.best_span()
    if best is None:
        return
    accepted = [read.passage[start:end] for start, end in read.spans]
    likeness = f1(best.span.cut(read.passage), accepted) if accepted else 0.0
    if likeness >= _SAME:
        yield _pair(one, best.span, SUPPORTED, chance)
    elif not likeness:
        yield _pair(one, best.span, NOT_SUPPORTED, chance)
    if accepted and likeness < _SAME:
        start, end = read.spans[0]
        yield _pair(one, Span(start=start, end=end), SUPPORTED, chance)


def _pair(one: Item, span: Span, classes: int, chance: random.Random) -> Pair:
    """Return an answer with its sentence, which at random stands alone or among its neighbours."""
    (read,) = one.example.readings
    spans = list(sentence_spans(read.passage))
    at = next(i for i, sentence in enumerate(spans) if span.start < sentence.end)
    first, last = (at, at) if chance.random() < _ALONE else (at - chance.randint(1, 4), at + chance.randint(0, 2))
    premise = read.passage[spans[max(first, 0)].start : spans[min(last, len(spans) - 1)].end]
    told = as_statement(one.example.question, span.cut(read.passage))
    return Pair(premise, told, classes, f"{SHORT_ANSWER}{one.kind}", one.file)


def _chosen(examples: Path) -> list[Item]:
    """Return the examples that are read, in random order: of a kind those of SQuAD 2.0 first, then a random part."""
    chance, found = random.Random(0), list[Item]()  # noqa: S311  every part has the same
    for path in sorted(examples.glob("*.jsonl")):
        if path.stem in ("held_out", "unlabelled"):
            continue
        every = [one for one in item.read(path) if len(one.example.readings) == 1 and one.file != _TEMPLATED]
        chance.shuffle(every)
        every.sort(key=lambda one: not one.file.startswith("squad2_"))
        found += every[: _MOST.get(path.stem, len(every))]
    chance.shuffle(found)
    return found


if __name__ == "__main__":
    typer.run(main)
