"""The fence around text that a language model is to read and not to obey."""

import re
import secrets
from collections.abc import Iterable
from typing import NamedTuple

# What chat templates part their turns with; a server may read it as such wherever it stands.
_CONTROL = re.compile(r"<(?=\||/?(?:s|start_of_turn|end_of_turn|think|tool_\w+|function\w*)>|<SYS>>)|\[(?=/?INST\])")
_FENCE = re.compile(r"={3,}")


class Fenced(NamedTuple):
    """Text for a prompt, and the line that stands before and after it."""

    fence: str
    text: str


def fenced(texts: Iterable[str]) -> Fenced:
    """The texts, a blank line between two, for a fence with a nonce that no article can know."""
    return Fenced(f"=== {secrets.token_hex(8)} ===", "\n\n".join(map(harmless, texts)))


def harmless(text: str) -> str:
    """The text with forged fences and turn marks taken apart; only a model reads it, no citation is cut from it."""
    return _CONTROL.sub(lambda found: f"{found.group()} ", _FENCE.sub(lambda found: " ".join(found.group()), text))
