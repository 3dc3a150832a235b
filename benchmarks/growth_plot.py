"""How a library grows as a picture: time, memory, disk and recall against the number of passages."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

# For each panel its title, whether its values are on a logarithmic scale, and the names of its lines with their labels.
_PANELS: tuple[tuple[str, bool, Mapping[str, str]], ...] = (
    (
        "milliseconds of a core, p50",
        True,
        {
            "search, p50, ms of a core": "search",
            "search, 10 % pass a filter, p50, ms of a core": "search, 10 % pass a filter",
            "BM25 alone, p50, ms of a core": "BM25 alone",
            "vectors alone, p50, ms of a core": "vectors alone",
        },
    ),
    (
        "bytes a passage",
        True,
        {
            "memory, bytes a passage": "memory",
            "database, bytes a passage on disk": "database",
            "vectors, bytes a passage on disk": "vectors",
            "words, bytes a passage on disk": "words",
        },
    ),
    (
        "seconds",
        True,
        {
            "opening, s": "opening",
            "removing an article, s": "removing an article",
            "catching up with it, s": "catching up with it",
            "vector index built again, s": "vector index built again",
        },
    ),
    ("share of the ten nearest vectors found", False, {"recall@10": "recall@10"}),
)


def draw(rows: Mapping[int, Mapping[str, float]], file: Path) -> None:
    """Write the picture as SVG. The same figures give the same file.

    Args:
        rows: The figures of each size, as :mod:`benchmarks.scale` names them.
        file: The file.
    """
    with mpl.rc_context({"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(9, 6.4), layout="constrained")
        for axes, (title, is_logarithmic, lines) in zip(figure.subplots(2, 2).flat, _PANELS, strict=True):
            for name, label in lines.items():
                axes.plot(list(rows), [row[name] for row in rows.values()], marker="o", markersize=4, label=label)
            axes.set_title(title, loc="left", fontsize=10)
            axes.set_xscale("log")
            axes.set_xticks(list(rows), [f"{size:,}" for size in rows])
            axes.xaxis.set_minor_locator(NullLocator())
            axes.grid(visible=True, alpha=0.3)
            if is_logarithmic:
                axes.set_yscale("log")
                axes.legend(frameon=False, fontsize=8)
            else:
                axes.set_ylim(0.9, 1.005)
        figure.supxlabel("passages", fontsize=9)
        figure.savefig(file, metadata={"Date": None})
