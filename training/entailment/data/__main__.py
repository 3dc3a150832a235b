"""``python -m training.entailment.data``: makes the pairs to train on and to measure, as tokens in one file."""

import hashlib
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from assistant.reading.weights import tokenizer
from evals.data.collection import Folder
from evals.errors import DataMissing
from training.data.entities import Things
from training.data.rows import Row, load
from training.entailment.arrays import PairArrays
from training.entailment.data import answers, deletions, files, measured, short_answers
from training.entailment.data.alterations import AlteredPairs, merged, respelled, shortened, voice
from training.entailment.data.attempts import attempts
from training.entailment.data.cues import cues
from training.entailment.data.deletions import Made
from training.entailment.data.pairs import Pair
from training.entailment.data.source import Source, sources
from training.pool.texts import Texts
from training.wordnet import Wordnet, WordnetFiles
from training.work_folder import WORK

app = typer.Typer(add_completion=False)
OUT = WORK / "entailment" / "pairs.npz"
_HELD = 0.04  # of the places of the given files
_ALONE = ("qasrl_gs",)  # templated questions


@app.command()
def main(
    out: Annotated[Path, typer.Option(help="File to write.")] = OUT,
    wordnet: Annotated[Path, typer.Option(help="Folder of WordNet's files.")] = Path("/usr/share/wordnet"),
    seed: Annotated[int, typer.Option(help="The same seed makes the same pairs.")] = 7,
    part: Annotated[
        int, typer.Option(min=1, help="Pairs are made of every so-and-so-many-th question's paragraph.")
    ] = 10,
    show: Annotated[int, typer.Option(help="How many pairs of a kind to print instead.")] = 0,
) -> None:
    """Make the pairs and write their tokens; pairs that are only measured are among them, and never trained on."""
    folder, chance = Folder.from_environment(), random.Random(seed)  # noqa: S311  it has to be repeatable
    try:
        rows, kept = load(folder)
        words = WordnetFiles(wordnet)
        given = list(files.load(folder))
        tests = list(measured.load(folder))
        things = Things([row.context for row in rows], words)
    except DataMissing as error:
        sys.exit(str(error))
    altered = AlteredPairs(rows, things, Wordnet(words))
    found = [(one, _held(one.place)) for one in given]
    for some, held in ((rows[::part], False), (kept[::part], True)):
        found += [(one, held) for one in _generated(some, altered, things, chance)]
    found += [(one, False) for one in short_answers.load(out.with_name("short_answers"))]
    found = list(dict.fromkeys(found))
    counts = Counter((one.kind, one.classes) for one, held in found if not held)
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if show:
        kinds = defaultdict[str, list[Pair]](list)
        for one, _ in found:
            kinds[one.kind].append(one)
        for kind, among in sorted(kinds.items()):
            for one in chance.sample(among, min(show, len(among))):
                console.print(f"[{kind} {one.classes}] {one.sentence}\n     <- {one.premise[-300:]}")
    for (kind, classes), count in sorted(counts.items()):
        console.print(f"{kind} {classes}: {count:,}")
    arrays = _arrays([*found, *((one, True) for one in tests)])
    arrays.save(out)
    console.print(f"{len(arrays.kind):,} pairs, {len(arrays.tokens):,} tokens of texts are in {out}.")


def _generated(rows: list[Row], altered: AlteredPairs, things: Things, chance: random.Random) -> Iterator[Pair]:
    """Yield the pairs that are made of paragraphs and of questions."""
    every = list(sources(rows))
    pages = defaultdict[str, list[Source]](list)
    for one in every:
        pages[one.page].append(one)
    for source in every:
        near = pages[source.page]
        others = [
            one
            for one in chance.sample(near, min(8, len(near)))
            if one.text not in (source.text, *source.before, *source.after)
        ]
        for text, sentence, classes, kind in _made(
            source, others or chance.sample(every, min(3, len(every))), altered, chance
        ):
            yield Pair(source.premise(text, chance), sentence, classes, kind, source.page)
    for row in rows:
        if row.file not in _ALONE:
            yield from answers.pairs(row, things, chance)


def _made(source: Source, others: list[Source], altered: AlteredPairs, chance: random.Random) -> Iterator[Made]:
    """Yield a few of the changes that a sentence allows."""
    always = chance.random()
    if always < 0.22:
        yield from deletions.wrapped(source, others, chance)
    elif always < 0.36:
        yield from altered.entity(source, chance)
    elif always < 0.5:
        yield from altered.swapped(source, chance)
    elif always < 0.6:
        yield from altered.opposite(source, chance)
    elif always < 0.72:
        yield from merged(source, others, chance)
    elif always < 0.84:
        yield from altered.synonym(source, chance)
        yield from deletions.adverbs(source, chance)
    else:
        yield from shortened(source, chance)
    if chance.random() < 0.5:
        yield from respelled(source, chance)
    yield from voice(source, chance)
    yield from attempts(source, chance)
    yield from cues(source, chance)
    yield from deletions.quantifiers(source, chance)


def _held(place: str) -> bool:
    """True for a fixed share of places, which are not trained on."""
    return int(hashlib.sha256(place.encode()).hexdigest()[:8], 16) / 16**8 < _HELD


def _arrays(pairs: Iterable[tuple[Pair, bool]]) -> PairArrays:
    """Return the pairs as tokens."""
    pairs, texts = list(pairs), Texts(tokenizer())
    texts.add(text for one, _ in pairs for text in (one.premise, one.sentence))
    kinds = sorted({one.kind for one, _ in pairs})
    return PairArrays(
        texts.tokens(),
        texts.ends(),
        np.array([texts.number(one.premise) for one, _ in pairs], np.int32),
        np.array([texts.number(one.sentence) for one, _ in pairs], np.int32),
        np.array([one.classes for one, _ in pairs], np.uint8),
        np.array([kinds.index(one.kind) for one, _ in pairs], np.uint8),
        np.array([held for _, held in pairs]),
        np.array(kinds),
    )


if __name__ == "__main__":
    app()
