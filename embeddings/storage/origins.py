"""Origins: which articles a sync found where, and which of them it may remove again."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from embeddings.storage.snapshot import Snapshot
from embeddings.storage.transaction import Transaction
from embeddings.text.article import Origin

Found = tuple[str, str]  # a place, and the id of an article in it


class KnownArticle(NamedTuple):
    """An article that a sync found, its place and that place's stamp. ``owned``: the sync added the article itself."""

    place: str
    stamp: str
    article_id: str
    title: str
    published: date | None
    owned: bool


def known_articles(snapshot: Snapshot, source: str) -> list[KnownArticle]:
    """Return the articles that syncs of a source found and that are still in the library."""
    rows = snapshot.rows(
        "SELECT place, stamp, id, title, published, owned FROM origins JOIN articles ON seq = article"
        " WHERE origins.source = ? ORDER BY place, seq",
        source,
    )
    return [
        KnownArticle(place, stamp, article_id, title, published and date.fromisoformat(published), bool(owned))
        for place, stamp, article_id, title, published, owned in rows
    ]


def is_recorded(snapshot: Snapshot, article_id: str, origin: Origin) -> bool:
    """Return True if the article is known to have this origin, with this stamp."""
    return (
        snapshot.row(
            "SELECT 1 FROM origins JOIN articles ON seq = article"
            " WHERE origins.source = ? AND place = ? AND stamp = ? AND id = ?",
            *origin,
            article_id,
        )
        is not None
    )


def record_origin(transaction: Transaction, article_id: str, origin: Origin, *, owned: bool) -> None:
    """Record where a sync found an article. Whether it owns the article is decided the first time."""
    transaction.rows(
        "INSERT INTO origins SELECT ?, ?, seq, ?, ? FROM articles WHERE id = ?"
        " ON CONFLICT (source, place, article) DO UPDATE SET stamp = excluded.stamp",
        origin.source,
        origin.place,
        origin.stamp,
        int(owned),
        article_id,
    )


def forget_stamps(transaction: Transaction, source: str, places: Iterable[str]) -> None:
    """Make these places be read again by the next sync."""
    for place in places:
        transaction.rows("UPDATE origins SET stamp = '' WHERE source = ? AND place = ?", source, place)


def removable(snapshot: Snapshot, source: str, gone: Collection[Found]) -> list[str]:
    """Return the ids of the articles that no sync finds any more once these are gone, and that one has added."""
    left = {(place, article_id) for place, article_id in gone}
    ids = []
    for article_id in dict.fromkeys(article_id for _, article_id in gone):
        rows = snapshot.rows(
            "SELECT origins.source, place, owned FROM origins JOIN articles ON seq = article WHERE id = ?", article_id
        ).fetchall()
        others = [one for one in rows if one[0] != source or (one[1], article_id) not in left]
        if not others and any(owned for *_, owned in rows):
            ids.append(article_id)
    return ids


def release(transaction: Transaction, source: str, gone: Collection[Found]) -> list[str]:
    """Forget that a sync found articles, delete those of :func:`removable`, and return the ids of these.

    An article that another sync finds too belongs to that one from now on.
    """
    ids = removable(transaction, source, gone)
    for article_id in ids:
        transaction.delete(article_id)
    for place, article_id in gone:
        transaction.rows(
            "UPDATE origins SET owned = 1 WHERE article = (SELECT seq FROM articles WHERE id = ?1)"
            " AND (source, place) != (?2, ?3) AND EXISTS (SELECT 1 FROM origins AS mine"
            " WHERE mine.source = ?2 AND mine.place = ?3 AND mine.article = origins.article AND mine.owned = 1)",
            article_id,
            source,
            place,
        )
        transaction.rows(
            "DELETE FROM origins WHERE source = ? AND place = ? AND article = (SELECT seq FROM articles WHERE id = ?)",
            source,
            place,
            article_id,
        )
    return ids
