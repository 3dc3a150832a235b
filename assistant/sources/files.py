"""Files on disk: reading with a size limit, and finding articles in folders."""

import errno
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import SourceError, SourceMissing, SourceTooLarge, UnknownKind
from assistant.sources.kind import SUFFIXES

# Whole names, possibly with a language: "README.md", "LICENSE", "readme_de.txt", but not "license-fees-rise.txt".
_ABOUT_THE_FOLDER = re.compile(r"(readme|licen[cs]e|changelog)([._-][a-z]{2})?(\.[a-z]+)?", re.IGNORECASE)
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}


def read_file_bytes(path: Path, max_bytes: int) -> bytes:
    """Read a regular file, but at most one byte over the limit. Pipes and devices are not opened.

    Raises:
        SourceMissing, SourceTooLarge, UnknownKind, SourceError: as in ``read_file``.
    """
    name = repr(str(path))  # repr escapes characters that cannot be printed
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
            data = file.read(max_bytes + 1)  # the file may have grown, and the size of some files is unknown
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


def find_files(path: Path, *, follow_links: bool = False) -> Iterator[tuple[Path, str | None]]:
    """Yield the files of a folder and its subfolders by name, each with the reason if it is to be skipped, else None.

    A path that is not a folder is yielded itself. Hidden files and folders are ignored. Without ``follow_links``, links
    out of the folder and links to folders are skipped; with it, no folder is searched twice.
    """
    if not stat.S_ISDIR(_mode(path)):
        yield path, None
        return
    root = path.resolve()
    searched: set[Path] = set()
    stack = [path]  # no recursion: folders may be nested deeply
    while stack:
        entry = stack.pop()
        reason = None if follow_links or entry is path else _reason_not_followed(entry, root)
        if reason or not stat.S_ISDIR(_mode(entry)):
            yield entry, reason or _reason_skipped(entry)
            continue
        if follow_links:
            real = entry.resolve()
            if real in searched:
                yield entry, "the folder was searched already, by another name"
                continue
            searched.add(real)
        try:
            children = sorted((child for child in entry.iterdir() if not child.name.startswith(".")), reverse=True)
        except OSError as error:
            yield entry, f"the folder cannot be opened: {error.strerror}"
        else:
            stack.extend(children)


def _reason_not_followed(path: Path, root: Path) -> str | None:
    mode = _mode(path)
    if not mode or not path.is_symlink():
        return None
    if not path.resolve().is_relative_to(root):
        return "it is a link out of the folder; --follow-links follows it"
    if stat.S_ISDIR(mode):
        return "it is a link to a folder"
    return None


def _reason_skipped(path: Path) -> str | None:
    mode = _mode(path)
    if not mode:
        return "it is a broken link, or may not be read"
    if not stat.S_ISREG(mode):
        return "it is a pipe, socket or device"
    if _ABOUT_THE_FOLDER.fullmatch(path.name):
        return "by its name it is about the folder, not an article"
    if path.suffix.lower() not in SUFFIXES:
        return "by its name it is not of a known kind; `assistant add --help` lists those"
    return None


def _mode(path: Path) -> int:
    """The file mode (``st_mode``) of the path, with links followed; 0 if it cannot be read."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _missing(name: str, got: str) -> SourceMissing:
    return SourceMissing(
        f"There is nothing at {name}.", expected="the path of a file", got=got, hint="Check the path for a mistake."
    )
