"""How well cited characters match wanted characters, character by character."""

from collections.abc import Iterable
from typing import NamedTuple


class Region(NamedTuple):
    """Characters ``start`` to ``end`` (code points, exclusive) of one document."""

    document: str
    start: int
    end: int


class SpanScore(NamedTuple):
    """Shares of characters. ``precision`` is None when nothing was cited: there is nothing to be right or wrong."""

    precision: float | None
    recall: float
    iou: float


def span_score(cited: Iterable[Region], wanted: Iterable[Region]) -> SpanScore:
    """Precision, recall and intersection over union of two sets of characters; a character counts once.

    Raises:
        ValueError: nothing is wanted, so recall has no meaning.
    """
    cited, wanted = _merged(cited), _merged(wanted)
    size_cited, size_wanted = _size(cited), _size(wanted)
    if not size_wanted:
        raise ValueError("recall needs at least one wanted character")
    both = sum(
        max(0, min(a.end, b.end) - max(a.start, b.start)) for a in cited for b in wanted if a.document == b.document
    )
    return SpanScore(
        precision=both / size_cited if size_cited else None,
        recall=both / size_wanted,
        iou=both / (size_cited + size_wanted - both),
    )


def _merged(regions: Iterable[Region]) -> list[Region]:
    merged: list[Region] = []
    for region in sorted(regions):
        if merged and merged[-1].document == region.document and region.start <= merged[-1].end:
            merged[-1] = merged[-1]._replace(end=max(merged[-1].end, region.end))
        else:
            merged.append(region)
    return merged


def _size(regions: list[Region]) -> int:
    return sum(region.end - region.start for region in regions)
