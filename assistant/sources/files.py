"""Files on disk: reading one within a limit, and finding those in a folder that may be articles."""

import errno
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import SourceError, SourceMissing, SourceTooLarge, UnknownKind
from assistant.sources.kind import SUFFIXES

_ABOUT_THE_FOLDER = re.compile(r"(readme|licen[cs]e|changelog)(?![a-z])", re.IGNORECASE)
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}


def file_bytes(path: Path, max_bytes: int) -> bytes:
    """The bytes of a regular file; one that is too large is not read whole, a pipe or device not opened.

    Raises:
        SourceMissing, SourceTooLarge, UnknownKind, SourceError: as ``read_file`` does.
    """
    name = repr(str(path))  # repr shows what cannot be printed
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            folder = stat.S_ISDIR(status.st_mode)
            raise UnknownKind(
                f"{name} is not a file.",
                expected="a file",
                got="a folder" if folder else "a pipe, socket or device",
                hint="Name the files in it, or add the whole folder."
                if folder
                else "Save its content to a file first.",
            )
        reject_too_large(name, status.st_size, max_bytes)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)  # it may have grown since, and some files do not know their size
    except ValueError as error:  # a NUL in the path
        raise _missing(name, str(error)) from None
    except OSError as error:
        if error.errno in _NOT_THERE:
            raise _missing(name, str(error.strerror)) from None
        raise SourceError(
            f"{name} cannot be read.",
            expected="a file that may be read",
            got=error.strerror or str(error),
            hint="Check its permissions.",
        ) from error
    reject_too_large(name, len(data), max_bytes)
    return data


def reject_too_large(name: str, size: int, max_bytes: int) -> None:
    """Raise SourceTooLarge when ``size`` bytes are over the limit."""
    if size > max_bytes:
        raise SourceTooLarge(
            f"{name} is too large to be one article.",
            expected=f"at most {max_bytes:,} bytes",
            got=f"{size:,} bytes or more",
            hint="Split it into its articles, or raise ASSISTANT_MAX_ARTICLE_BYTES.",
        )


def find_files(path: Path) -> Iterator[tuple[Path, str | None]]:
    """The files of a folder and of the folders in it, by name: ``(path, None)``, or ``(path, why it is skipped)``.

    Anything that is no folder is itself the only one. Hidden files and folders are passed over in silence; links to
    folders are not followed, so the walk ends.
    """
    if not stat.S_ISDIR(_mode(path)):
        yield path, None
        return
    try:
        entries = sorted(path.iterdir())
    except OSError as error:
        yield path, f"the folder cannot be opened: {error.strerror}"
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if stat.S_ISDIR(_mode(entry, follow_symlinks=False)):
            yield from find_files(entry)
        else:
            yield entry, _why_skipped(entry)


def _why_skipped(path: Path) -> str | None:
    mode = _mode(path)
    if stat.S_ISDIR(mode):
        return "it is a link to a folder"
    if not mode:
        return "it is a broken link, or may not be read"
    if not stat.S_ISREG(mode):
        return "it is a pipe, socket or device"
    if _ABOUT_THE_FOLDER.match(path.name):
        return "by its name it is about the folder, not an article"
    if path.suffix.lower() not in SUFFIXES:
        return "it is not of a known kind: " + ", ".join(SUFFIXES)
    return None


def _mode(path: Path, *, follow_symlinks: bool = True) -> int:
    """The type and permissions of what is at the path, or 0 when that cannot be told."""
    try:
        return path.stat(follow_symlinks=follow_symlinks).st_mode
    except (OSError, ValueError):
        return 0


def _missing(name: str, got: str) -> SourceMissing:
    return SourceMissing(
        f"There is nothing at {name}.", expected="the path of a file", got=got, hint="Check the path for a mistake."
    )
