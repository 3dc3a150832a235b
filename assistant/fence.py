"""The fence around text that a language model should read as data and not as instructions."""

import re
import secrets
from collections.abc import Iterable
from typing import NamedTuple

# Control tokens of chat templates, which a server may interpret wherever they occur.
_CONTROL_TOKEN = re.compile(
    r"<(?=\||/?(?:s|start_of_turn|end_of_turn|think|tool_\w+|function\w*)>|<SYS>>)|\[(?=/?INST\])"
)
_FENCE = re.compile(r"={3,}")


class Fenced(NamedTuple):
    """Text for a prompt, and the fence: the line to put before and after it."""

    fence: str
    text: str


def fenced(texts: Iterable[str]) -> Fenced:
    """Return the texts, separated by blank lines, and a fence with a nonce that no article can contain."""
    return Fenced(f"=== {secrets.token_hex(8)} ===", "\n\n".join(map(neutralized, texts)))


def neutralized(text: str) -> str:
    """Return a text with forged fences and control tokens broken up by spaces.

    Only a model reads the result; citations are cut from the original text.
    """
    without_fences = _FENCE.sub(lambda match: " ".join(match.group()), text)
    return _CONTROL_TOKEN.sub(lambda match: f"{match.group()} ", without_fences)
