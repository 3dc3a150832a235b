"""Every text that is written for a language model: one file each, with a version in its front matter."""

from pathlib import Path
from typing import NamedTuple


class Prompt(NamedTuple):
    """A text for a language model; ``version`` rises with every change to the text."""

    name: str
    version: int
    text: str


def load(name: str) -> Prompt:
    """The prompt in ``<name>.md`` of this folder.

    Raises:
        FileNotFoundError: there is no such prompt.
    """
    _, front_matter, text = (Path(__file__).parent / f"{name}.md").read_text("utf-8").split("---\n", 2)
    return Prompt(name, int(front_matter.removeprefix("version:")), text.strip())
