"""The documentation as a site: every page has its place, every link leads somewhere, nothing comes from elsewhere."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from lxml import html

HOUSE = Path(__file__).parents[2]
CONFIGURATION: dict[str, Any] = yaml.safe_load((HOUSE / "mkdocs.yml").read_text("utf-8"))
INCLUDED = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "evals/README.md",
    "evals/data/README.md",
    "training/README.md",
]
LOADED = {"script": "src", "img": "src", "link": "href"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, as `make docs` builds it; two seconds."""
    place = tmp_path_factory.mktemp("site")
    shutil.copytree(HOUSE / "docs", place / "docs")
    for name in ["mkdocs.yml", *INCLUDED]:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HOUSE / name, place / name)
    command = [str(Path(sys.executable).parent / "zensical"), "build", "--strict"]
    subprocess.run(command, cwd=place, check=True, capture_output=True)
    return place / "site"


def pages(entries: Any) -> Iterator[str]:
    """The pages of a navigation, in its order."""
    for entry in entries:
        for inner in entry.values():
            yield from [inner] if isinstance(inner, str) else pages(inner)


def test_the_navigation_has_every_page_once() -> None:
    assert sorted(pages(CONFIGURATION["nav"])) == sorted(path.name for path in (HOUSE / "docs").glob("*.md"))


def test_every_link_leads_somewhere(site: Path) -> None:
    documents = {path: html.parse(path).getroot() for path in sorted(site.glob("*.html")) if path.name != "404.html"}
    ids = {path: {*root.xpath("//@id"), ""} for path, root in documents.items()}
    wrong = [
        (path.name, link)
        for path, root in documents.items()
        for link in root.xpath("//*[not(self::link[@rel='canonical'])]/@href | //@src")
        if not urlsplit(link).scheme and not leads_somewhere(path, link, ids)
    ]
    assert len(documents) == len(list(pages(CONFIGURATION["nav"])))
    assert wrong == []


def leads_somewhere(path: Path, link: str, ids: dict[Path, set[str]]) -> bool:
    parts = urlsplit(link)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    return unquote(parts.fragment) in ids[target] if target in ids else target.is_file()


def test_a_page_loads_nothing_from_elsewhere(site: Path) -> None:
    for path in site.glob("*.html"):
        root = html.parse(path).getroot()
        loaded = [link for tag, attribute in LOADED.items() for link in root.xpath(f"//{tag}/@{attribute}")]
        assert [link for link in loaded if urlsplit(link).netloc] == [], path.name
