"""API keys, of which the server stores only hashes, compared in constant time."""

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
    """Return a new key: 256 random bits after a prefix by which secret scanners recognise leaked keys."""
    return f"aak_{secrets.token_urlsafe(32)}"


def key_entry(name: str, key: str) -> str:
    """Return the line ``name:hash`` for the settings; the key cannot be derived from it.

    Raises:
        InvalidInput: the name is not 1 to 64 letters, digits and ``_.@-``.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            "A key cannot have this name.",
            expected="1 to 64 letters, digits and _ . @ -",
            got=repr(name[:80]),
            hint="Name the key for the person or the program that will use it.",
        )
    return f"{name}:{_hash(key).hex()}"


class ApiKeys:
    """The API keys that the server accepts, by name."""

    def __init__(self, hashes: dict[str, bytes]) -> None:
        self._hashes = hashes

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Read the keys from the settings and from the file that the settings name.

        Raises:
            InvalidInput: an entry is malformed, a name is repeated, or the file cannot be read or has no key.
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
        """Return the name of a key, or None if it is unknown.

        Every hash is compared in constant time, so that the duration does not depend on the key.
        """
        digest, name = _hash(key), None
        for known_name, known_digest in self._hashes.items():
            if hmac.compare_digest(digest, known_digest):
                name = known_name
        return name


def _hash(key: str) -> bytes:
    """A fast hash is enough, because a key is 256 random bits and cannot be guessed as a password can."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


def _entries(settings: Settings) -> Iterator[str]:
    yield from filter(None, (settings.api_keys or "").replace(",", " ").split())
    if settings.api_keys_file is None:
        return
    try:
        lines = settings.api_keys_file.read_text("utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise _unusable_file(str(settings.api_keys_file), str(error)) from error
    entries = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not entries:
        raise _unusable_file(str(settings.api_keys_file), "no key in it")
    yield from entries


def _unusable_file(path: str, got: str) -> InvalidInput:
    return InvalidInput("The file of API keys cannot be used.", expected=f"keys in {path}", got=got, hint=_HINT)
