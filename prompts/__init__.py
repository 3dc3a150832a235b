"""Every text that is written for a language model: one file each, with a version in its front matter."""

from pathlib import Path
from string import Formatter
from typing import NamedTuple


class Prompt(NamedTuple):
    """A text for a language model; ``version`` rises with every change to the text."""

    name: str
    version: int
    text: str

    @property
    def placeholders(self) -> set[str]:
        """The names in braces, which ``fill`` takes."""
        return {name for _, name, _, _ in Formatter().parse(self.text) if name is not None}

    def fill(self, **values: str) -> str:
        """The text with a value for each placeholder; braces in a value mean nothing.

        Raises:
            ValueError: the values are not those of the placeholders.
        """
        if values.keys() != self.placeholders:
            raise ValueError(f"{self.name} takes {sorted(self.placeholders)}, not {sorted(values)}")
        return self.text.format(**values)


def load(name: str) -> Prompt:
    """The prompt in ``<name>.md`` of this folder.

    Raises:
        FileNotFoundError: there is no such prompt.
    """
    _, front_matter, text = (Path(__file__).parent / f"{name}.md").read_text("utf-8").split("---\n", 2)
    return Prompt(name, int(front_matter.removeprefix("version:")), text.strip())
