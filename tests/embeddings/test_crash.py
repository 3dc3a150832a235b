import random
from multiprocessing import get_context
from pathlib import Path

from embeddings.library import Library
from tests.embeddings.adding import COUNT, add, articles
from tests.hashed_words import HashedWords

KILLS = 8


def add_and_be_killed(path: Path, choose: random.Random) -> set[str]:
    """Return the ids that a process reported as added before it was killed at a random time."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=add, args=(path, sender))
    process.start()
    sender.close()
    added: set[str] = set()
    wanted = choose.randrange(COUNT // KILLS // 2)
    try:
        while len(added) < wanted:
            id_, status = receiver.recv()
            added |= {id_} if status == "added" else set()
        process.join(choose.uniform(0, 0.05))  # this long it works on, unless it is done
        process.kill()
        while True:
            id_, status = receiver.recv()
            added |= {id_} if status == "added" else set()
    except EOFError:
        process.join()
        process.close()
        receiver.close()
        return added


def test_eight_kills_lose_nothing_that_was_reported_and_leave_nothing_half_there(tmp_path: Path) -> None:
    path, choose, reported = tmp_path / "library", random.Random(1), set[str]()
    for _ in range(KILLS):
        reported |= add_and_be_killed(path, choose)
        with Library.open(path, HashedWords()) as library:
            stored = {article.id for article in library.articles(limit=COUNT)[0]}
            assert reported <= stored
            assert all(held for _, held, _ in library.check())
            assert len(library.search("anything at all", 3)) == min(3, len(stored))

    encoder = HashedWords()
    with Library.open(path, encoder) as library:
        before = {article.id for article in library.articles(limit=COUNT)[0]}
        statuses = {str(outcome.article_id): outcome.status for outcome in library.add(articles())}

        assert {id_ for id_, status in statuses.items() if status == "unchanged"} == before
        # On a machine that stalls, nothing may be left to do by now; the rest holds all the same.
        assert len(before) <= len(statuses) == len(library.articles(limit=COUNT + 1)[0]) == COUNT
        assert len(encoder.encoded) == len(set(encoder.encoded))
        assert len(encoder.encoded) <= sum(len(library.passages(id_)) for id_ in statuses.keys() - before)
        assert all(held for _, held, _ in library.check())
