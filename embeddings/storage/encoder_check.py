"""The check that a library's vectors were made by the encoder with which it is opened."""

import json

from embeddings.errors import LibraryMismatch
from embeddings.storage.database_errors import damaged
from embeddings.storage.snapshot import Snapshot

_EMBED_AGAIN = "Use the encoder that made it, or embed it again with this one: assistant reembed --library DIR"


def refuse_other_encoder(snapshot: Snapshot, encoder: str, hint: str = _EMBED_AGAIN) -> None:
    """Raise LibraryMismatch unless all of the library's vectors were made by an encoder.

    Args:
        snapshot: The state of the database.
        encoder: The encoder's fingerprint, as JSON.
        hint: What to do about another one.
    """
    if snapshot.encoder != encoder:
        try:
            ours, theirs = json.loads(encoder), dict(json.loads(snapshot.encoder))
        except (ValueError, TypeError):
            raise damaged("the table meta names no encoder") from None
        differs = [name for name in ours if ours[name] != theirs.get(name)]
        raise LibraryMismatch(
            f"The library was made with another encoder: {theirs.get('model')}, not {ours['model']}.",
            expected=", ".join(f"{name} {theirs.get(name)!r}" for name in differs),
            got=", ".join(f"{name} {ours[name]!r}" for name in differs),
            hint=hint,
        )
    if pending := len(snapshot.pending()):
        raise LibraryMismatch(
            "Embedding the library again was not finished.",
            expected="every article's vectors made by one encoder",
            got=f"{pending} articles that still wait for {json.loads(encoder)['model']}",
            hint="Go on where it stopped: assistant reembed --library DIR",
        )
