"""`assistant check`: checks the sentences of a text, and prints each one as soon as it is checked."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answer import Citation
from assistant.check import CheckedSentence, CheckReply
from assistant.doors.cli import terminal
from assistant.doors.cli.command_context import EXIT_DONE, EXIT_UNSUPPORTED, print_json
from assistant.request import MAX_CHECKED, CheckRequest
from assistant.sources.encoding import decode
from assistant.sources.files import read_file_bytes

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_MAX_BYTES = 4 * MAX_CHECKED  # of the longest text, in any encoding


def check(assistant: "Assistant", file: str, filters: dict[str, object] | None, *, as_json: bool) -> int:
    """Check the text in a file, or standard input if the file is ``-``, and return the exit code.

    Raises:
        SourceError: the file cannot be read as text.
        InvalidInput: the text is empty or too long.
    """
    data = sys.stdin.buffer.read(_MAX_BYTES + 1) if file == "-" else read_file_bytes(Path(file), _MAX_BYTES)
    request = CheckRequest.read(text=decode(data, file).text, filters=filters)
    citations: dict[str, Citation] = {}
    holds = True
    for part in assistant.stream_check(request):
        if isinstance(part, Citation):
            citations[part.id] = part
        elif isinstance(part, CheckReply):
            holds = part.holds
            if as_json:
                print_json(part)
            else:
                terminal.notes(part.notices)
        elif isinstance(part, CheckedSentence) and not as_json:
            terminal.checked_sentence(part, citations)
    return EXIT_DONE if holds else EXIT_UNSUPPORTED
