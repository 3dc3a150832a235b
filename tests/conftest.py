"""What tests of several rooms share."""

import gc
import importlib
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from assistant.assistant import Assistant
from assistant.settings import Settings
from embeddings.encoder import Encoder, load_encoder
from embeddings.filters import Filters
from evals import local_model
from evals.errors import DataMissing
from tests.hashed_words import HashedWords
from tests.postgres_server import PostgresServer
from tests.serving import SEED, Server, listening, running

CHROMIUM_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


PAGES = "tests/assistant/doors/page/"  # whose files take longest, and share a browser where they follow each other


def installed_chromium() -> str | None:
    """The path of Chromium's headless shell, which takes half the time of the whole browser, or else of that."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


# How long an example takes is the machine's matter.
hypothesis.settings.register_profile("patient", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    """The small reader answers, wherever the careful one is installed; tests of that one ask for it.

    Beside other workers each has one core: more threads of torch would only wait for each other. What is imported while
    the tests are collected lives to the end, and to look there for garbage takes a quarter of that time.
    """
    gc.disable()
    os.environ.setdefault("ASSISTANT_READER", "small")
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, because tests wait for browsers and servers."""
    return min(4, (os.cpu_count() or 1) + 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker waits for another at the end."""
    for item in items:
        if item.nodeid.startswith(PAGES):
            item.add_marker("long")
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """From here on garbage is looked for among what the tests make."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def minilm() -> Encoder:
    """The default encoder; its weights load once, at the first text that a test encodes."""
    return load_encoder()


@pytest.fixture
def encoder() -> HashedWords:
    """An encoder without a model, for tests that need vectors and not good ones."""
    return HashedWords()


@pytest.fixture(scope="session")
def listener() -> Iterator[socket.socket]:
    with listening() as listener:
        yield listener


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, listener: socket.socket) -> Settings:
    return Settings(
        library=tmp_path_factory.mktemp("library"),
        port=listener.getsockname()[1],
        max_article_bytes=100_000,
        private_hosts="127.0.0.1",  # where the tests' own web servers are
        rate_limit=0,  # tests come faster than people
    )


@pytest.fixture(scope="session")
def assistant(settings: Settings) -> Iterator[Assistant]:
    """An assistant whose library holds the seed article."""
    with Assistant.open(settings=settings) as assistant:
        assistant.add(SEED)
        yield assistant


@pytest.fixture(autouse=True)
def added_articles_are_removed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leaves the assistant that the tests of a session share with the articles that it had before the test."""
    if "assistant" not in request.fixturenames:
        yield
        return
    shared: Assistant = request.getfixturevalue("assistant")
    before = {article.id for article in shared.articles()[0]}
    yield
    if added := [article.id for article in shared.articles()[0] if article.id not in before]:
        shared.remove(*added)


@pytest.fixture(scope="session")
def seed(assistant: Assistant) -> Filters:
    """The seed article alone, where the tests of a session may have added others to the assistant's library."""
    (outcome,) = assistant.add(SEED)
    assert outcome.article_id
    return Filters(article_ids=(outcome.article_id,))


@pytest.fixture(scope="session")
def server(settings: Settings, assistant: Assistant, listener: socket.socket) -> Iterator[Server]:
    """The HTTP door over that assistant."""
    from assistant.doors.http import create_app  # only the workers need it, and it takes seconds to load

    with running(create_app(settings, assistant), listener) as server:
        yield server


@pytest.fixture(scope="session")
def language_model() -> Iterator[str]:
    """The address of a real, small language model; REQUIRE_MODEL=1 makes its absence a failure instead of a skip."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(local_model.serve())
        except DataMissing as missing:
            if os.environ.get("REQUIRE_MODEL") == "1":
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        yield url


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server; REQUIRE_POSTGRES=1 makes its absence a failure instead of a skip."""
    try:
        importlib.import_module("psycopg")
        server = PostgresServer()
    except (FileNotFoundError, ImportError) as absent:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(str(absent))
        pytest.skip(str(absent))
    with closing(server):
        yield server


@contextmanager
def chromium() -> Iterator[Browser]:
    """An installed Chromium; REQUIRE_BROWSER=1 makes its absence a failure instead of a skip."""
    path = installed_chromium()
    if path is None:
        absent = "no `chromium-headless-shell` or `chromium` on the PATH to drive"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(absent)
        pytest.skip(absent)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")  # its event loop runs in this thread until it is closed
def browser() -> Iterator[Browser]:
    """A browser for the tests of a file."""
    with chromium() as browser:
        yield browser
