"""API keys: made here, shown once, kept as hashes, and recognised in the same time whether they are right or wrong."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from typing import Self

from assistant.settings import Settings
from embeddings.errors import InvalidInput

_ENTRY = re.compile(r"\A([\w.@-]{1,64}):([0-9a-f]{64})")
_NAME = re.compile(r"[\w.@-]{1,64}")
_HINT = "Make a key with `assistant key NAME` and keep the line that it prints."


def create_key() -> str:
    """A new key: 256 random bits behind a prefix by which scanners find keys that leaked."""
    return f"aak_{secrets.token_urlsafe(32)}"


def entry(name: str, key: str) -> str:
    """The line that lets a key in and does not hold it.

    Raises:
        InvalidInput: the name has other characters than letters, digits and ``_.@-``, or more than 64 of them.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            "A key cannot have this name.",
            expected="1 to 64 letters, digits and _ . @ -",
            got=repr(name[:80]),
            hint="Name the key for the person or the program that will use it.",
        )
    return f"{name}:{_hash(key).hex()}"


class Keys:
    """The keys that open the server, by name."""

    def __init__(self, hashes: dict[str, bytes]) -> None:
        self._hashes = hashes

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The keys of the settings' entries and of the file that they name.

        Raises:
            InvalidInput: an entry is none, a name comes twice, or the file cannot be read or has no key.
        """
        hashes: dict[str, bytes] = {}
        for text in _entries(settings):
            match = _ENTRY.fullmatch(text)
            if match is None or match[1] in hashes:
                raise InvalidInput(
                    "The API keys cannot be read.",
                    expected="entries `name:hash`, each name once",
                    got=f"an entry of {len(text)} characters" if match is None else f"a second {match[1]!r}",
                    hint=_HINT,
                )
            hashes[match[1]] = bytes.fromhex(match[2])
        return cls(hashes)

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def name_of(self, key: str) -> str | None:
        """The name of a key. Every hash is compared, in constant time: the time does not tell whether one fits."""
        given, name = _hash(key), None
        for known, expected in self._hashes.items():
            if hmac.compare_digest(given, expected):
                name = known
        return name


def _hash(key: str) -> bytes:
    """A fast hash is enough: a key is 256 random bits, not a password that could be guessed."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


def _entries(settings: Settings) -> Iterator[str]:
    yield from filter(None, (settings.api_keys or "").replace(",", " ").split())
    if settings.api_keys_file is None:
        return
    try:
        lines = settings.api_keys_file.read_text("utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise _unusable(str(settings.api_keys_file), str(error)) from error
    entries = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not entries:
        raise _unusable(str(settings.api_keys_file), "no key in it")
    yield from entries


def _unusable(path: str, got: str) -> InvalidInput:
    return InvalidInput("The file of API keys cannot be used.", expected=f"keys in {path}", got=got, hint=_HINT)
