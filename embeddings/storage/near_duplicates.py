"""Near-duplicates: articles that say almost the same, such as a wire story on two sites. Found when one is stored."""

import numpy as np
from numpy.typing import NDArray

from embeddings.storage.connection import SqlConnection
from embeddings.text.minhash import bands, signature

ALIKE = 0.75  # of the word shingles of both, as the signatures estimate it
_MOST = 100  # articles that one is compared with, so that ten thousand equal pages do not make millions of pairs


def record_near_duplicates(connection: SqlConnection, seq: int, text: str) -> None:
    """Store the signature of an article that is new or has another text, and which articles it is almost equal to."""
    for table in ("signatures", "bands", "near_duplicates"):
        connection.execute(f"DELETE FROM {table} WHERE article = ?", (seq,))  # noqa: S608  our own names
    connection.execute("DELETE FROM near_duplicates WHERE other = ?", (seq,))
    own = signature(text)
    if not len(own):
        return
    places = list(enumerate(bands(own)))
    found = {
        other
        for place in places
        for (other,) in connection.execute(
            "SELECT article FROM bands WHERE (number, band) = (?, ?) LIMIT ?", (*place, _MOST)
        )
    }
    alike = [other for other in sorted(found)[:_MOST] if _likeness(connection, other, own) >= ALIKE]
    connection.execute("INSERT INTO signatures VALUES (?, ?)", (seq, own.tobytes()))
    connection.executemany("INSERT INTO bands VALUES (?, ?, ?)", [(*place, seq) for place in places])
    connection.executemany(
        "INSERT INTO near_duplicates VALUES (?, ?)", [pair for other in alike for pair in ((seq, other), (other, seq))]
    )


def _likeness(connection: SqlConnection, other: int, own: NDArray[np.uint32]) -> float:
    ((packed,),) = connection.execute("SELECT signature FROM signatures WHERE article = ?", (other,))
    return float((np.frombuffer(packed, "<u4") == own).mean())
