"""``assistant doctor`` looks and says what holds; ``assistant reembed`` mends what another encoder needs."""

from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from pydantic import BaseModel

from assistant.doors.cli.command_context import settings
from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError

_PARTS = ("cited-articles", "sentence-transformers", "torch", "faiss-cpu", "tantivy")


class Check(BaseModel):
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str


class Report(BaseModel):
    """All that was looked at."""

    ok: bool
    checks: list[Check]


def examine(library: Path | None, *, repair: bool = False) -> Report:
    """Look at everything, also behind something that is wrong; ``repair`` what can be made anew, and look again.

    Raises:
        LibraryBusy: there is something to repair, and another writer is at work.
    """
    chosen = settings(library)
    model = [Check(name="versions", ok=True, found=_versions()), *_model(chosen)]
    checks = [*model, *_library(chosen)]
    if repair and all(check.ok for check in model) and not all(check.ok for check in checks):
        checks = [*model, *_repair(chosen), *_library(chosen)]
    return Report(ok=all(check.ok for check in checks), checks=checks)


def reembed(library: Path | None) -> Iterator[str]:
    """Encode the library again with the encoder of the settings; the title of each article that is done.

    Raises:
        ArticleAssistantError: the library or the encoder cannot be used.
    """
    from embeddings import Library, load_encoder

    chosen = settings(library)
    for outcome in Library.reembed(chosen.library, load_encoder(chosen.encoder)):
        yield outcome.title or ""


def _versions() -> str:
    return ", ".join([f"Python {python_version()}", *(f"{part} {version(part)}" for part in _PARTS)])


def _model(chosen: Settings) -> Iterator[Check]:
    from embeddings import load_encoder

    try:
        encoder = load_encoder(chosen.encoder)
        encoder.encode(["ready"], "query")  # holds the weights against their checksum
    except ArticleAssistantError as error:
        yield Check(name="model", ok=False, found=str(error))
    else:
        made = encoder.fingerprint
        yield Check(name="model", ok=True, found=f"{made.model}, {made.dimension} dimensions, revision {made.revision}")


def _library(chosen: Settings) -> Iterator[Check]:
    from embeddings import Library, load_encoder

    try:
        with Library.open(chosen.library, load_encoder(chosen.encoder), create=False) as library:
            yield Check(name="library", ok=True, found=" ".join([str(chosen.library), *library.notices]))
            for name, ok, found in library.check():
                yield Check(name=name, ok=ok, found=found)
    except ArticleAssistantError as error:
        yield Check(name="library", ok=False, found=str(error))
        with suppress(ArticleAssistantError):  # there may be no database to look into
            for found in Library.diagnose(chosen.library, load_encoder(chosen.encoder)):
                yield Check(name="database", ok=False, found=found)


def _repair(chosen: Settings) -> Iterator[Check]:
    from embeddings import Library, load_encoder
    from embeddings.errors import LibraryBusy

    try:
        for found in Library.repair(chosen.library, load_encoder(chosen.encoder)):
            yield Check(name="made anew", ok=True, found=found)
    except LibraryBusy:
        raise
    except ArticleAssistantError as error:
        yield Check(name="repair", ok=False, found=str(error))
