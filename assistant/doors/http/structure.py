"""How many values a JSON body holds, counted as it arrives and before it is parsed.

Parsing holds up every other request until it is done, and each value takes fifty bytes and more: 60 MB of ``[],`` kept
a server busy for many seconds, and 1.5 GB. A text of 60 MB is one value.
"""


class Structure:
    """Counts the commas and opening brackets outside strings."""

    def __init__(self) -> None:
        """Nothing has come."""
        self._values = 0
        self._in_string = False
        self._escape = b""

    def read(self, part: bytes) -> int:
        """The number so far, with the next part of the body.

        JSON is UTF-8 (RFC 8259). In the encodings that a parser may take besides, a quote could hide in half a letter:
        there each byte counts as a value.
        """
        if b"\0" in part:
            self._values += len(part)
        part = self._escape + part
        backslashes = len(part) - len(part.rstrip(b"\\"))
        self._escape = b"\\" * (backslashes % 2)  # what it escapes has not come yet
        part = part[: len(part) - backslashes].replace(rb"\\", b"").replace(rb"\"", b"")
        pieces = part.split(b'"')
        outside = b"".join(pieces[self._in_string :: 2])
        self._in_string ^= len(pieces) % 2 == 0
        self._values += sum(map(outside.count, (b",", b"[", b"{")))
        return self._values
