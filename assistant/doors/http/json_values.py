"""The number of values in a JSON body, counted as it arrives and before it is parsed.

Parsing blocks every other request, and a value takes fifty bytes of memory or more: 60 MB of ``[],`` kept a server busy
for many seconds and took 1.5 GB. A text of 60 MB is one value.
"""


class JsonValueCounter:
    """Counts the commas and opening brackets outside strings."""

    def __init__(self) -> None:
        self._values = 0
        self._in_string = False
        self._escape = b""

    def count(self, chunk: bytes) -> int:
        """Count the next chunk of the body and return the number of values so far.

        JSON is UTF-8 (RFC 8259). A parser may also accept UTF-16 and UTF-32, where a quotation mark can be one byte of
        another character; a chunk with a NUL is taken for those, and each of its bytes counts as a value.
        """
        if b"\0" in chunk:
            self._values += len(chunk)
        chunk = self._escape + chunk
        backslashes = len(chunk) - len(chunk.rstrip(b"\\"))
        self._escape = b"\\" * (backslashes % 2)  # the character it escapes is in the next chunk
        chunk = chunk[: len(chunk) - backslashes].replace(rb"\\", b"").replace(rb"\"", b"")
        pieces = chunk.split(b'"')
        outside = b"".join(pieces[self._in_string :: 2])
        self._in_string ^= len(pieces) % 2 == 0
        self._values += sum(map(outside.count, (b",", b"[", b"{")))
        return self._values
