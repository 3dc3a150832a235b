"""Distinct passages: of those of near-duplicates that say the same, those of the article that was found first."""

import re
from collections.abc import Collection, Sequence

from embeddings.storage.snapshot import Snapshot
from embeddings.text.article import Excerpt
from embeddings.text.marks import without_marks
from embeddings.text.passage import StoredPassage

# "LINDHOLM (Agency) - ", before the first sentence of an article
_DATELINE = re.compile(r"\A((?:[^\W\d_][\w.'-]*+ ?){0,3}+)(?:\([^()\n]{1,40}\))?(?: ?[-\u2013\u2014]|:) ")


def first_distinct(
    snapshot: Snapshot, keys: Sequence[int], most: int, named: Collection[str] = ()
) -> tuple[dict[int, tuple[StoredPassage, Excerpt]], bool]:
    """Return the first passages of a ranking that do not repeat a near-duplicate, and if any passage was left out.

    A passage is left out if each of its sentences stands in those before it of one near-duplicate of its article. None
    is of an article that is ``named``.
    """
    kept: dict[int, tuple[StoredPassage, Excerpt]] = {}
    shown: dict[str, set[str]] = {}
    repeated = False
    for start in range(0, len(keys), most):
        stored = snapshot.passages_with_excerpts(keys[start : start + most])
        for key in keys[start : start + most]:
            article, said = stored[key][1].article.id, _sentences(*stored[key])
            if article not in named and any(said <= shown.get(one, set()) for one in stored[key][1].also):
                repeated = True
                continue
            kept[key] = stored[key]
            shown.setdefault(article, set()).update(said)
            if len(kept) == most:
                return kept, repeated
    return kept, repeated


def _sentences(passage: StoredPassage, excerpt: Excerpt) -> set[str]:
    """Return the sentences of a passage without marks and dateline, or its text if it has none."""
    said = [excerpt.cut(span) for span in passage.sentences or (passage.span,)]
    line = _DATELINE.match(said[0]) if passage.span.start == 0 else None
    # A place is named again, while "Not true: " is not.
    if line and excerpt.text.casefold().count(line[1].strip().casefold()) > 1:
        said[0] = said[0][line.end() :]
    return set(map(without_marks, said))
