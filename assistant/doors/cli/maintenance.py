"""``assistant doctor`` checks and repairs an installation; ``assistant reembed`` changes a library's encoder."""

from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from pydantic import BaseModel

from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError

_PACKAGES = ("cited-articles", "sentence-transformers", "torch", "faiss-cpu", "tantivy")


class Check(BaseModel):
    """The result of one check."""

    name: str
    ok: bool
    found: str


class Report(BaseModel):
    """The results of all checks."""

    ok: bool
    checks: list[Check]


def run_checks(library: Path | None, *, repair: bool = False) -> Report:
    """Run all checks, even after one has failed. With ``repair``, rebuild what can be rebuilt and check again.

    Raises:
        LibraryBusy: a repair is needed, but another process is writing to the library.
    """
    settings = Settings.read(library=library)
    model = [Check(name="versions", ok=True, found=_versions()), *_model(settings)]
    checks = [*model, *_library(settings)]
    if repair and all(check.ok for check in model) and not all(check.ok for check in checks):
        checks = [*model, *_repair(settings), *_library(settings)]
    return Report(ok=all(check.ok for check in checks), checks=checks)


def reembed(library: Path | None) -> Iterator[str]:
    """Encode the library again with the encoder in the settings, and yield each article's title when it is done.

    Raises:
        ArticleAssistantError: the library or the encoder cannot be used.
    """
    from embeddings import load_encoder, maintenance

    settings = Settings.read(library=library)
    for outcome in maintenance.reembed(
        settings.library, load_encoder(settings.encoder), database_url=settings.library_database
    ):
        yield outcome.title or ""


def install_reader() -> Iterator[str]:
    """Install the careful reader unless it is there, make it ready, and yield what is done.

    Raises:
        ReaderUnavailable: its base model cannot be downloaded, or is not the published one.
    """
    from assistant.grounding import checker_network
    from assistant.reading import base_model
    from assistant.reading.reader import careful_reader

    if not base_model.is_installed():
        yield "fetching   all-mpnet-base-v2, 440 MB"
        base_model.install()
    yield f"ready      the careful reader, run by {careful_reader().runtime}"
    yield f"ready      the careful checker, run by {checker_network.load_careful().runtime}"


def _versions() -> str:
    return ", ".join([f"Python {python_version()}", *(f"{package} {version(package)}" for package in _PACKAGES)])


def _model(settings: Settings) -> Iterator[Check]:
    from assistant.reading.reader import Readers
    from embeddings import load_encoder

    try:
        encoder = load_encoder(settings.encoder)
        encoder.encode(["ready"], "query")  # compares the weights with their checksum
    except ArticleAssistantError as error:
        yield Check(name="model", ok=False, found=str(error))
    else:
        model = encoder.fingerprint
        found = f"{model.model}, {model.dimension} dimensions, revision {model.revision}, run by {encoder.runtime}"
        yield Check(name="model", ok=True, found=found)
    try:
        readers = Readers.choose(settings.reader)
        for name, reader in (("reader", readers.small), ("careful reader", readers.careful)):
            if reader:
                yield Check(name=name, ok=True, found=f"run by {reader.runtime}")
    except ArticleAssistantError as error:
        yield Check(name="reader", ok=False, found=str(error))


def _library(settings: Settings) -> Iterator[Check]:
    from embeddings import Library, load_encoder, maintenance

    try:
        encoder, url, milvus = load_encoder(settings.encoder), settings.library_database, settings.milvus
        with Library.open(settings.library, encoder, create=False, database_url=url, milvus=milvus) as library:
            yield Check(name="library", ok=True, found=" ".join([str(settings.library), *library.notices]))
            for name, ok, found in library.check():
                yield Check(name=name, ok=ok, found=found)
    except ArticleAssistantError as error:
        yield Check(name="library", ok=False, found=str(error))
        with suppress(ArticleAssistantError):  # the database may not exist
            for found in maintenance.diagnose(
                settings.library, load_encoder(settings.encoder), database_url=settings.library_database
            ):
                yield Check(name="database", ok=False, found=found)


def _repair(settings: Settings) -> Iterator[Check]:
    from embeddings import load_encoder, maintenance
    from embeddings.errors import LibraryBusy

    try:
        for found in maintenance.repair(
            settings.library, load_encoder(settings.encoder), database_url=settings.library_database
        ):
            yield Check(name="repaired", ok=True, found=found)
    except LibraryBusy:
        raise
    except ArticleAssistantError as error:
        yield Check(name="repair", ok=False, found=str(error))
