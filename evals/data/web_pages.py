"""Web pages with what a reader should take from them: three public sets, in a folder with a checkout of each."""

import gzip
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.sources.authors import split_authors
from assistant.sources.blocks import Blocks
from assistant.sources.html_tree import parse_tree, read_tree
from evals.errors import DataMissing


@dataclass(frozen=True)
class WebPage:
    """A page of a set.

    Attributes:
        name: Its name in the set.
        content: The page as it was fetched.
        text: The whole main text; None where the set has only segments.
        kept: Segments of the main text.
        dropped: Segments of what stands around it.
        title: The title, if the set says it.
        authors: The authors, if the set says them.
    """

    name: str
    content: bytes
    text: str | None = None
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] = ()


def scrapinghub(folder: Path) -> Iterator[WebPage]:
    """Yield the pages of a checkout of scrapinghub/article-extraction-benchmark."""
    for name, truth in sorted(_json(folder / "ground-truth.json").items()):
        yield WebPage(name, gzip.decompress((folder / f"html/{name}.html.gz").read_bytes()), text=truth["articleBody"])


def trafilatura(folder: Path) -> Iterator[WebPage]:
    """Yield the evaluation pages of a checkout of adbar/trafilatura."""
    for url, truth in sorted(_json(folder / "tests/evaldata.json").items()):
        places = (folder / f"tests/{place}" / truth["file"] for place in ("cache", "eval"))
        author = truth.get("author") or ()
        yield WebPage(
            url,
            next(place for place in places if place.is_file()).read_bytes(),
            kept=tuple(truth["with"]),
            dropped=tuple(truth["without"]),
            title=truth.get("title") or None,
            authors=split_authors(*([author] if isinstance(author, str) else author)),
        )


def readability(folder: Path) -> Iterator[WebPage]:
    """Yield the test pages of a checkout of mozilla/readability."""
    for page in sorted((folder / "test/test-pages").iterdir()):
        truth, blocks = _json(page / "expected-metadata.json"), Blocks()
        expected = parse_tree((page / "expected.html").read_text("utf-8"))
        for picture in list(expected.iter("img")):  # its description is no text of the page, unless it is a formula
            if not picture.get("alt", "").startswith("{\\"):
                picture.set("alt", "")
        read_tree(expected, blocks)
        yield WebPage(
            page.name,
            (page / "source.html").read_bytes(),
            text=blocks.text,
            title=truth.get("title"),
            authors=split_authors(truth.get("byline") or ""),
        )


def sets_folder() -> Path:
    """Return the folder with the checkouts, which ``ASSISTANT_HTML_SETS`` names.

    Raises:
        DataMissing: it is not set.
    """
    place = os.environ.get("ASSISTANT_HTML_SETS")
    if not place:
        raise DataMissing(
            "The sets of web pages are not on this machine.",
            expected=f"ASSISTANT_HTML_SETS, a folder with checkouts of {', '.join(SETS)}",
            got="no such setting",
            hint="Clone the three repositories into one folder.",
        )
    return Path(place)


SETS: dict[str, Callable[[Path], Iterator[WebPage]]] = {
    "article-extraction-benchmark": scrapinghub,
    "trafilatura": trafilatura,
    "readability": readability,
}


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
