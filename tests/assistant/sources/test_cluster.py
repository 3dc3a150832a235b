"""A Ray cluster of two nodes, which are processes of this machine, and what is left when some of them are killed."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import ClusterFailed
from assistant.sources.cluster import Cluster
from assistant.sources.ingestion import ingest
from assistant.web.fetch import Fetcher
from embeddings.errors import InvalidInput, LibraryMismatch
from embeddings.library import Library
from embeddings.outcome import Outcome
from tests.hashed_words import HashedWords
from tests.logged_words import LoggedWords, OtherElsewhere, texts_by_process

pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]  # Ray warns of its own options

HOUSE = Path(__file__).parents[3]
FILES, ROWS = 160, 20
ADDED = Counter(added=FILES + ROWS, skipped=1)


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[Any]:
    """A cluster whose address is ``two_nodes.address``; the first node is this process's, the second can be killed."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_USAGE_STATS_ENABLED", "0")
        environment.setenv("RAY_AUTH_MODE", "disabled")
        environment.setenv("PYTHONPATH", str(HOUSE))
        environment.setenv("RAY_DEDUP_LOGS_SKIP_REGEX", ".")  # as the program does before Ray is imported
        pytest.importorskip("ray", reason="the extra `ray` is not installed")
        from ray.cluster_utils import Cluster as Nodes

        nodes = Nodes(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
        nodes.add_node(num_cpus=1)
        yield nodes
        nodes.shutdown()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with articles in files, in a table, and with a file that is none."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:03}.txt").write_text(
            "".join(f"Bridge {number} opened in May {year}. It cost {number} dollars.\n" for year in (2011, 2012, 2013))
        )
    (folder / "table.csv").write_text("id,text\n" + "".join(f"{n},Row {n} was read.\n" for n in range(ROWS)))
    (folder / "wrong.html").write_text("<html></html>")
    return folder


def run(folder: Path, cluster: Cluster | None, encoder: HashedWords | None = None) -> Iterator[Outcome]:
    """Add the articles and yield each outcome."""
    with Library.open(folder / "library", encoder or HashedWords()) as library:
        yield from ingest(library, [folder / "articles"], Fetcher(100_000), seconds=10, cluster=cluster)


def cluster(address: str, folder: Path, log: str = "log") -> Cluster:
    """A cluster whose encoders write to a log in the folder."""
    return Cluster(address, partial(LoggedWords, folder / log), folder / "library")


def contents(folder: Path) -> tuple[list[Any], list[Any]]:
    """The articles in their order, and what a search finds, with scores."""
    with Library.open(folder / "library", HashedWords()) as library:
        assert [row for row in library.check() if not row[1]] == []
        listed, _ = library.articles(1_000)
        return listed, library.search("Bridge 7 opened", 20)


def test_a_killed_writer_is_resumed_and_the_library_is_that_of_one_process(
    two_nodes: Any, articles: Path, tmp_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.assistant.sources.test_cluster import cluster, run\n"
        "folder = Path(sys.argv[2])\n"
        "for one in run(folder, cluster(sys.argv[1], folder)): print(one.article_id, flush=True)"
    )
    command = [sys.executable, "-c", script, two_nodes.address, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=HOUSE) as writer:
        assert writer.stdout
        acknowledged = {next(writer.stdout).strip() for _ in range(8)}
        writer.kill()
    resumed = list(run(tmp_path, cluster(two_nodes.address, tmp_path, "resumed")))
    unchanged = {one.article_id for one in resumed if one.status == "unchanged"}
    assert acknowledged <= unchanged
    assert Counter(one.status for one in resumed) == ADDED + Counter(unchanged=len(unchanged), added=-len(unchanged))
    encoded = texts_by_process(tmp_path / "resumed")
    assert os.getpid() not in encoded
    assert encoded.total() == sum(one.passages for one in resumed if one.status == "added")
    made = contents(tmp_path)
    (tmp_path / "library").rename(tmp_path / "other")
    alone = list(run(tmp_path, None))
    assert {(one.path, one.article_id, one.passages, one.reason) for one in alone} == {
        (one.path, one.article_id, one.passages, one.reason) for one in resumed
    }
    assert made == contents(tmp_path)


def test_what_a_killed_worker_and_a_killed_node_were_doing_is_done_by_others(
    two_nodes: Any, articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes, killed = list[Outcome](), set[int]()
    for outcome in run(tmp_path, cluster(two_nodes.address, tmp_path)):
        outcomes.append(outcome)
        if len(outcomes) == 1:
            killed = set(texts_by_process(tmp_path / "log"))
            for process in killed:
                os.kill(process, signal.SIGKILL)
        if len(outcomes) == FILES // 2:
            (second,) = two_nodes.worker_nodes
            two_nodes.remove_node(second, allow_graceful=False)
    assert killed < set(texts_by_process(tmp_path / "log"))
    assert Counter(one.status for one in outcomes) == ADDED
    assert capsys.readouterr().out == ""
    contents(tmp_path)


def test_a_node_with_another_encoder_is_refused(two_nodes: Any, articles: Path, tmp_path: Path) -> None:
    wrong = Cluster(two_nodes.address, partial(OtherElsewhere, os.getpid()), tmp_path / "library")
    with pytest.raises(LibraryMismatch, match="another encoder"):
        list(run(tmp_path, wrong))


def test_a_cluster_that_does_not_answer_is_an_error(articles: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    with pytest.raises(ClusterFailed, match=r"127\.0\.0\.1:9"):
        list(run(tmp_path, cluster("127.0.0.1:9", tmp_path)))


def test_the_address_of_a_client_is_refused(articles: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="--num-cpus=0"):
        list(run(tmp_path, cluster("ray://head:10001", tmp_path)))
