"""A folder and a library in step, with real files."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import SourceError, SourceMissing
from assistant.settings import Settings
from embeddings.library import Library
from embeddings.outcome import Outcome
from tests.hashed_words import HashedWords


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    return tmp_path / "articles"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant(Library.open(tmp_path / "library", HashedWords()), Settings()) as assistant:
        yield assistant


def encoded(assistant: Assistant) -> list[str]:
    encoder = assistant.library.encoder
    assert isinstance(encoder, HashedWords)
    return encoder.encoded


def counts(outcomes: list[Outcome]) -> dict[str, int]:
    return dict(Counter(one.status for one in outcomes))


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")


def titles(assistant: Assistant) -> list[str]:
    return sorted(one.title for one in assistant.articles()[0])


def test_files_are_added_replaced_and_removed(assistant: Assistant, folder: Path) -> None:
    write(folder, pier="The pier was rebuilt.", choir="The choir sang.", mill="The mill burned.")
    assert counts(assistant.sync(folder)) == {"added": 3}
    write(folder, pier="The pier was rebuilt in oak.")
    (folder / "choir.txt").unlink()
    outcomes = assistant.sync(folder)
    assert counts(outcomes) == {"replaced": 1, "unchanged": 1, "removed": 1}
    assert [Path(one.path or "").name for one in outcomes if one.status == "removed"] == ["choir.txt"]
    assert all("choir" not in hit.text for hit in assistant.library.search("choir sang"))


def test_a_dry_run_says_what_would_be_done_and_does_nothing(assistant: Assistant, folder: Path) -> None:
    write(folder, pier="The pier was rebuilt.", choir="The choir sang.", mill="The mill burned.")
    assert counts(assistant.sync(folder, dry_run=True)) == {"added": 3}
    assert titles(assistant) == []
    assistant.sync(folder)
    before = titles(assistant)
    write(folder, pier="The pier was rebuilt in oak.", quay="The quay sank.")
    (folder / "choir.txt").unlink()
    (folder / "mill.txt").rename(folder / "windmill.txt")
    planned = assistant.sync(folder, dry_run=True)
    assert titles(assistant) == before
    assert counts(planned) == {"added": 1, "replaced": 1, "unchanged": 1, "removed": 1}
    assert counts(assistant.sync(folder)) == counts(planned)


def test_only_files_whose_size_or_time_changed_are_read(assistant: Assistant, folder: Path) -> None:
    write(folder, pier="The pier was rebuilt.")
    assistant.sync(folder)
    pier = folder / "pier.txt"
    status = pier.stat()
    write(folder, pier="The pier was rebuilD.")
    os.utime(pier, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(assistant.sync(folder)) == {"unchanged": 1}
    assert assistant.articles()[0][0].text == "The pier was rebuilt."
    os.utime(pier, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert counts(assistant.sync(folder)) == {"replaced": 1}


def test_what_a_sync_did_not_add_it_never_removes(assistant: Assistant, folder: Path) -> None:
    write(folder, pier="The pier was rebuilt.")
    assistant.add(folder)
    assert counts(assistant.sync(folder)) == {"unchanged": 1}
    (folder / "pier.txt").unlink()
    assert counts(assistant.sync(folder)) == {}
    assert len(titles(assistant)) == 1


def test_a_moved_file_is_neither_encoded_nor_lost(assistant: Assistant, folder: Path) -> None:
    write(folder, pier="The pier was rebuilt.")
    assistant.sync(folder)
    (folder / "pier.txt").rename(folder / "harbour.txt")
    encoded(assistant).clear()
    assert counts(assistant.sync(folder)) == {"unchanged": 1}
    assert encoded(assistant) == []
    (folder / "harbour.txt").unlink()
    assert counts(assistant.sync(folder, allow_empty=True)) == {"removed": 1}


def test_a_folder_that_is_not_there_loses_nothing(assistant: Assistant, folder: Path) -> None:
    write(folder, pier="The pier was rebuilt.")
    assistant.sync(folder)
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(SourceMissing):
        assistant.sync(folder)
    assert len(titles(assistant)) == 1


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_folder_without_files_as_one_that_is_not_mounted_is_refused_unless_that_is_meant(
    assistant: Assistant, folder: Path, *, dry_run: bool
) -> None:
    write(folder, pier="The pier was rebuilt.", choir="The choir sang.")
    assistant.sync(folder)
    for name in ("pier.txt", "choir.txt"):
        (folder / name).unlink()
    (folder / "lost+found.bin").write_bytes(b"\0")
    with pytest.raises(SourceError, match=r"no file that can be read.* 2 articles.*--allow-empty"):
        assistant.sync(folder, dry_run=dry_run)
    assert len(titles(assistant)) == 2
    assert counts(assistant.sync(folder, dry_run=dry_run, allow_empty=True)) == {"removed": 2, "skipped": 1}
    assert len(titles(assistant)) == (2 if dry_run else 0)
    assistant.sync(folder, allow_empty=True)
    assert counts(assistant.sync(folder)) == {"skipped": 1}


def test_an_empty_folder_of_which_nothing_is_in_the_library_is_in_step(assistant: Assistant, folder: Path) -> None:
    assert counts(assistant.sync(folder)) == {}


def test_a_file_that_cannot_be_read_any_more_keeps_its_article(assistant: Assistant, folder: Path) -> None:
    write(folder, pier="The pier was rebuilt.")
    assistant.sync(folder)
    write(folder, pier="")
    (outcome,) = assistant.sync(folder)
    assert outcome.status == "skipped"
    assert outcome.reason
    assert len(titles(assistant)) == 1


def test_patterns_choose_files_and_the_others_are_left_as_they_are(assistant: Assistant, folder: Path) -> None:
    (folder / "drafts").mkdir()
    write(folder, pier="The pier was rebuilt.")
    write(folder / "drafts", choir="The choir sang.")
    (folder / "mill.md").write_text("The mill burned.")
    assert counts(assistant.sync(folder, include=["*.txt"], exclude=["drafts/*"])) == {"added": 1}
    assert counts(assistant.sync(folder)) == {"added": 2, "unchanged": 1}
    (folder / "mill.md").unlink()
    assert counts(assistant.sync(folder, include=["*.txt"])) == {"unchanged": 2}
    assert counts(assistant.sync(folder)) == {"unchanged": 2, "removed": 1}


def test_each_record_of_a_file_is_in_step(assistant: Assistant, folder: Path) -> None:
    rows = ['{"id": 1, "text": "The pier was rebuilt."}', '{"id": 2, "text": "The choir sang."}']
    (folder / "news.jsonl").write_text("\n".join(rows))
    assert counts(assistant.sync(folder)) == {"added": 2}
    (folder / "news.jsonl").write_text(rows[1])
    assert counts(assistant.sync(folder)) == {"unchanged": 1, "removed": 1}
    (folder / "news.jsonl").write_text("\n".join((rows[1], "{")))
    assert counts(assistant.sync(folder)) == {"unchanged": 1, "skipped": 1}
    assert counts(assistant.sync(folder)) == {"unchanged": 1, "skipped": 1}  # it is read again
