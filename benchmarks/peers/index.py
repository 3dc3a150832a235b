"""What every peer's module opens with ``open_index``, so that all are measured in the same way."""

from collections.abc import Sequence
from typing import Protocol


class PeerIndex(Protocol):
    """An index over passages. The model is loaded when it is made, which is not measured."""

    def __init__(self, model: str, folder: str) -> None:
        """Load the model.

        Args:
            model: the folder of all-MiniLM-L6-v2.
            folder: an empty folder.
        """

    def add(self, passages: Sequence[str]) -> None:
        """Encode and store passages, the first of which is number 0."""

    def search(self, question: str, k: int) -> Sequence[int]:
        """Return the numbers of the ``k`` nearest passages, best first."""
