"""The manifest of the seed articles."""

import hashlib
import json
from pathlib import Path

from assistant.sources import find_files, read_file

SEEDS = Path(__file__).parents[3] / "seeds"
MANIFEST = json.loads((SEEDS / "manifest.json").read_text(encoding="utf-8"))["articles"]


def test_the_manifest_names_every_seed_and_nothing_else() -> None:
    found = [path.name for path, skipped in find_files(SEEDS) if skipped is None]
    assert found == [entry["file"] for entry in MANIFEST]


def test_every_seed_is_the_file_that_the_manifest_describes() -> None:
    for entry in MANIFEST:
        path = SEEDS / entry["file"]
        article = read_file(path, max_bytes=1_000_000)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert article.revision == entry["revision"]
        assert (article.url, article.source, article.title) == (entry["url"], entry["source"], entry["title"])
        assert article.published is entry["published"] is None
        assert len(article.text) == entry["characters"]
        assert article.paragraph(len(article.text)) == entry["paragraphs"] == article.metadata["seed_line_3"]
