"""Precision, recall and intersection over union of cited characters."""

from collections.abc import Iterable
from typing import NamedTuple


class Region(NamedTuple):
    """The characters from ``start`` to ``end`` of a document, in code points, ``end`` exclusive."""

    document: str
    start: int
    end: int


class SpanScore(NamedTuple):
    """Shares of characters. ``precision`` is None if nothing was cited."""

    precision: float | None
    recall: float
    iou: float


def span_score(cited: Iterable[Region], wanted: Iterable[Region]) -> SpanScore:
    """Compare two sets of characters. A character counts once, however many regions contain it.

    Raises:
        ValueError: No character is wanted, so recall is not defined.
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
