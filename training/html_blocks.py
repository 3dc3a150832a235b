"""``python -m training.html_blocks``: fits the model that tells a page's main text from the rest.

    ASSISTANT_HTML_SETS=folder python -m training.html_blocks

It learns from the even half of the three public sets that ``evals.html`` measures with, sorted by name, and prints the
F1 of those pages out of fold, with the pages of a site always in one fold. The odd half is not read.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlparse

import numpy as np
import typer
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from assistant.sources.encoding import decode
from assistant.sources.html import extract
from assistant.sources.html_features import Features, WordRuns
from assistant.sources.html_main_text import page_features
from assistant.sources.html_model import WEIGHTS_FILE, BlockModel
from assistant.sources.html_repairs import repair
from assistant.sources.html_title import page_title
from assistant.sources.html_tree import parse_tree
from evals.data.web_pages import SETS, WebPage, sets_folder
from evals.errors import DataMissing
from evals.html import page_counts, set_scores

_FOLDS, _SEED = 5, 7
_WHOLE_PAGE = 12.0  # the weight of a page whose whole text is known; a block of the other set weighs up to 3
_MOST = 3.0
_SHORT = 3  # words, up to which a block counts only if a line of the text equals it
_ALIKE = 12  # characters from which a block inside a segment is taken for a part of it


@dataclass(frozen=True)
class LabelledPage:
    """A page's blocks: features, whether each is main text, and how much that counts (0 if nobody knows)."""

    set_name: str
    page: WebPage
    site: str
    texts: Sequence[str]
    features: Features
    is_main: NDArray[np.bool_]
    weight: NDArray[np.float64]


def main() -> None:
    """Print the F1 out of fold, and write the model that is fitted to all."""
    try:
        folder = sets_folder()
    except DataMissing as error:
        sys.exit(str(error))
    jobs = [(name, page) for name, read in SETS.items() for page in list(read(folder / name))[::2]]
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        found = list(workers.map(labelled, *zip(*jobs, strict=True), chunksize=8))
    pages = [page for page in found if page is not None]
    odds: dict[int, NDArray[np.float32]] = {}
    for learnt, rest in GroupKFold(_FOLDS).split(pages, groups=[page.site for page in pages]):
        model = fit([pages[number] for number in learnt])
        odds |= {number: model.log_odds(pages[number].features) for number in rest}
    for name in SETS:
        numbers = [number for number, page in enumerate(pages) if page.set_name == name]
        counts = [page_counts(pages[number].page, _chosen(pages[number], odds[number])) for number in numbers]
        scores = set_scores([pages[number].page for number in numbers], counts)
        figures = "  ".join(f"{key} {value:.3f}" for key, value in scores._asdict().items())
        typer.echo(f"{name:30} {len(counts)} pages out of fold  {figures}")
    WEIGHTS_FILE.parent.mkdir(exist_ok=True)
    save_file(fit(pages)._asdict(), WEIGHTS_FILE)


def fit(pages: Sequence[LabelledPage]) -> BlockModel:
    """Return a model fitted to the blocks whose label is known."""
    features, is_main, weight = (
        np.concatenate([getattr(page, name) for page in pages]) for name in ("features", "is_main", "weight")
    )
    known = weight > 0
    boosted = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.08,
        max_leaf_nodes=31,
        min_samples_leaf=30,
        l2_regularization=5.0,
        max_features=0.3,
        early_stopping=False,
        random_state=_SEED,
    ).fit(features[known], is_main[known], sample_weight=weight[known])
    return _converted(boosted)


def _converted(boosted: HistGradientBoostingClassifier) -> BlockModel:
    """Return scikit-learn's trees as flat arrays; it has no public access to them."""
    trees = [tree.nodes for (tree,) in boosted._predictors]
    roots = np.cumsum([0, *(len(tree) for tree in trees[:-1])])
    nodes = np.concatenate(trees)
    at = np.arange(len(nodes))
    first = np.repeat(roots, [len(tree) for tree in trees])
    leaf = nodes["is_leaf"].astype(bool)
    return BlockModel(
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int16),
        threshold=nodes["num_threshold"].astype(np.float32),
        left=np.where(leaf, at, first + nodes["left"]).astype(np.int32),
        right=np.where(leaf, at, first + nodes["right"]).astype(np.int32),
        value=nodes["value"].astype(np.float32),
        roots=roots.astype(np.int32),
        start=np.asarray(boosted._baseline_prediction, dtype=np.float32).ravel(),
    )


def labelled(name: str, page: WebPage) -> LabelledPage | None:
    """Return a page of a set with labels; None if there is nothing to choose from."""
    root = parse_tree(decode(page.content, page.name).text)
    repair(root)
    metadata, body = extract(root)
    blocks, features = page_features(root, body, page_title(root, metadata.title, metadata.sitename) or "")
    if not blocks:
        return None
    texts = [block.text for block in blocks]
    if page.text is None:
        labels = [_by_segments(page, text) for text in texts]
        weight = np.minimum([count for _, count in labels], _MOST)
        site = ".".join(urlparse(page.name).netloc.split(".")[-2:])
    else:
        labels = list(_by_text(page.text, texts))
        lengths = np.array([count for _, count in labels], dtype=float)
        weight = lengths / (lengths.sum() or 1) * _WHOLE_PAGE
        site = f"{name} {page.name[:12]}"  # the names are not addresses: most often a site of its own
    return LabelledPage(name, page, site, texts, features, np.array([is_main for is_main, _ in labels]), weight)


def _by_text(text: str, blocks: Iterable[str]) -> Iterable[tuple[bool, float]]:
    """Yield for each block whether a page's text has more than half of its runs of words, and its number of words."""
    runs, lines = WordRuns(text), {" ".join(line.lower().split()) for line in text.split("\n")}
    for block in blocks:
        words = runs.words(block)
        is_line = " ".join(block.lower().split()) in lines
        yield (is_line if len(words) <= _SHORT else runs.share(words) > 0.5), len(words)


def _by_segments(page: WebPage, text: str) -> tuple[bool, float]:
    """Return whether a block has more segments to keep than to drop, and how many it has of the more frequent ones."""
    text = " ".join(text.split())

    def number(segments: Iterable[str], shortest: int) -> int:
        folded = [" ".join(segment.split()) for segment in segments]
        return sum((one in text) + (len(text) > shortest and text in one) for one in folded)

    kept, dropped = number(page.kept, 2 * _ALIKE), number(page.dropped, _ALIKE)
    return kept >= dropped > 0 or kept > dropped, float(max(kept, dropped))


def _chosen(page: LabelledPage, odds: NDArray[np.float32]) -> str:
    """Return the text of the blocks that a model takes for main text."""
    return "\n\n".join(text for text, one in zip(page.texts, odds, strict=True) if one > 0)


if __name__ == "__main__":
    main()
