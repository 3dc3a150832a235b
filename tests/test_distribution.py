"""The distribution has a name of its own on the package index; the product's name belongs to somebody else there."""

import re
import subprocess
import tomllib
from importlib.metadata import metadata
from pathlib import Path

HOUSE = Path(__file__).parents[1]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
PRODUCT = "article-assistant"
INSTALLED = re.compile(r"pip install[^`\n]*?([\w./-]+)\[([\w, -]+)\]")
CHOSEN = re.compile(r"\bEXTRAS(?: \?)?= ?([\w,]+)")
LOOKED_UP = re.compile(r"\b(?:version|metadata|distribution)\(\"([\w.-]+)\"\)")


def texts() -> dict[str, str]:
    """Every text of the project by its path, as git lists them; kept results say what was measured then."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = [path for path in listed if not path.startswith("evals/results/") and (HOUSE / path).is_file()]
    found = {}
    for path in paths:
        try:
            found[path] = (HOUSE / path).read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_what_is_installed_carries_the_distributions_name() -> None:
    assert PROJECT["name"] != PRODUCT
    assert metadata(PROJECT["name"])["Name"] == PROJECT["name"]


def test_every_install_command_names_this_distribution_and_an_extra_that_it_has() -> None:
    chosen = [one for path in ("Makefile", ".ci/run") for one in CHOSEN.findall((HOUSE / path).read_text("utf-8"))]
    assert chosen == ["dev", "dev,milvus"]
    written = [(path, text.replace("$(EXTRAS)", extras)) for path, text in texts().items() for extras in chosen]
    commands = [(path, *found) for path, text in written for found in INSTALLED.findall(text)]
    assert {path for path, *_ in commands} >= {"Makefile", "docs/agents.md"}
    wrong = [
        (path, name, extras)
        for path, name, extras in commands
        if name not in {".", PROJECT["name"]} or not set(extras.split(",")) <= PROJECT["optional-dependencies"].keys()
    ]
    assert wrong == []


def test_the_products_name_is_never_taken_for_the_distributions() -> None:
    for path, text in texts().items():
        if path == Path(__file__).relative_to(HOUSE).as_posix():
            continue
        assert PRODUCT not in LOOKED_UP.findall(text), path
        assert f"{PRODUCT}[" not in text, path
        assert not re.search(rf"pip (?:install|download)[^`\n]*{PRODUCT}", text), path
    assert PRODUCT not in str(PROJECT)


def test_the_page_about_installing_names_every_extra_and_the_torch_that_was_tested() -> None:
    page = (HOUSE / "docs" / "install.md").read_text("utf-8")
    (torch,) = re.findall(r"^torch==(.+)$", (HOUSE / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(PROJECT["optional-dependencies"])
    assert f"pip then prefers `torch {torch}+cpu` to `torch {torch}`" in page
