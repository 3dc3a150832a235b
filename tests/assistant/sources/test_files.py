import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import SourceError, SourceMissing, SourceTooLarge, UnknownKind
from assistant.sources import find_files, read_bytes, read_file
from embeddings.errors import InvalidInput


def test_a_file_is_read_and_its_id_comes_from_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("One.", encoding="utf-8")
    first = read_file(path, max_bytes=100)
    path.write_text("Two.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    second = read_file(Path("a.txt"), max_bytes=100)
    assert (first.text, second.text) == ("One.", "Two.")
    assert first.id == second.id
    assert first.metadata["encoding"] == "utf-8"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("bakery.txt", "Oslo opens a bakery\n\nIt sells rye bread. Its owner is Kari Nordmann.\n"),
        ("bakery.md", "# Oslo opens a bakery\n\nIt sells rye bread. Its owner is Kari Nordmann.\n"),
        ("bakery.html", "<h1>Oslo opens a bakery</h1><p>It sells rye bread. Its owner is Kari Nordmann.</p>"),
        ("bakery.rst", "Oslo opens a bakery\n===================\n\nIt sells rye bread. Its owner is Kari Nordmann.\n"),
    ],
)
def test_the_headline_of_a_file_is_its_title_and_no_part_of_its_text(tmp_path: Path, name: str, written: str) -> None:
    (tmp_path / name).write_text(written, encoding="utf-8")
    article = read_file(tmp_path / name, max_bytes=1_000)
    assert article.title == "Oslo opens a bakery"
    assert article.text.strip() == "It sells rye bread. Its owner is Kari Nordmann."


def test_a_date_at_the_start_of_a_file_name_is_that_of_an_article_that_has_none() -> None:
    def published(name: str, text: str = "The tower is high.") -> date | None:
        return read_bytes(text.encode(), name=name, max_bytes=1000).published

    assert published("2017-04-27-the-tower.md") == date(2017, 4, 27)
    assert published("2017-04-27.txt", "---\ndate: 2016-01-02\n---\nThe tower.") == date(2017, 4, 27)
    assert published("2017-04-27.md", "---\ndate: 2016-01-02\n---\nThe tower.") == date(2016, 1, 2)
    assert published("2017-04-271.md") is published("2017-13-27.md") is published("tower-2017-04-27.md") is None


def test_two_uploads_of_one_name_are_two_articles() -> None:
    one = read_bytes(b"One.", name="index.txt", max_bytes=100)
    two = read_bytes(b"Two.", name="index.txt", max_bytes=100)
    assert one.id != two.id
    assert one.id == read_bytes(b"One.", name="other.txt", max_bytes=100).id
    assert one.metadata["file_name"] == "index.txt"


@pytest.mark.parametrize("name", ["a.MD", "a.markdown"])
def test_the_suffix_is_case_insensitive(name: str) -> None:
    assert read_bytes(b"# Title", name=name, max_bytes=100).text == "Title"


@pytest.mark.parametrize("name", ["a.rtf", "a", ".txt", "a.txt.exe"])
def test_an_unknown_suffix_is_refused(name: str) -> None:
    with pytest.raises(UnknownKind, match=r"one of \.txt"):
        read_bytes(b"text", name=name, max_bytes=100)


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 100)
    assert len(read_file(path, max_bytes=100).text) == 100
    with pytest.raises(SourceTooLarge, match="99 bytes"):
        read_file(path, max_bytes=99)
    with pytest.raises(SourceTooLarge):
        read_bytes(b"x" * 100, name="a.txt", max_bytes=99)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(InvalidInput, match="no text"):
        read_file(tmp_path / "a.txt", max_bytes=100)


@pytest.mark.parametrize("name", ["nothing.txt", "a.txt/b.txt", "x" * 5_000, "nul\x00.txt", "loop.txt"])
def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    with pytest.raises(SourceMissing):
        read_file(tmp_path / name, max_bytes=100)


def test_a_folder_or_a_pipe_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnknownKind, match="a folder"):
        read_file(tmp_path, max_bytes=100)
    with pytest.raises(UnknownKind, match="a pipe"):
        read_file(tmp_path / "pipe.txt", max_bytes=100)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read")
def test_a_file_without_read_permission_is_an_error() -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_file(Path("/proc/self/mem"), max_bytes=100)


def test_a_file_whose_name_is_not_unicode_is_read(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_bytes(b"text")
    assert read_file(path, max_bytes=100).text == "text"


def test_a_folder_is_searched_in_order_and_says_what_it_skips(tmp_path: Path) -> None:
    for name in [
        "b.txt",
        "a/z.HTML",
        "a/.hidden.txt",
        ".git/x.txt",
        "README.md",
        "LICENSE",
        "manifest.json",
        "licensed.txt",
    ]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "broken.txt").symlink_to("nowhere.txt")
    (tmp_path / "link.txt").symlink_to("b.txt")
    found = {path.relative_to(tmp_path).as_posix(): skipped for path, skipped in find_files(tmp_path)}
    assert list(found) == sorted(found)
    assert [name for name, skipped in found.items() if skipped is None] == [
        "a/z.HTML",
        "b.txt",
        "licensed.txt",
        "link.txt",
    ]
    assert "about the folder" in str(found["README.md"])
    assert "about the folder" in str(found["LICENSE"])
    assert "known kind" in str(found["manifest.json"])
    assert "pipe" in str(found["pipe.txt"])
    assert "link to a folder" in str(found["loop"])
    assert "broken" in str(found["broken.txt"])
    assert not any("hidden" in name or ".git" in name for name in found)


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A folder with links out of it, into it and to itself, next to another folder."""
    folder = tmp_path / "folder"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "in.txt").touch()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.txt").touch()
    for name, target in [
        ("all", tmp_path / "elsewhere"),
        ("again", Path("a")),
        ("loop", Path()),
        ("one.txt", tmp_path / "elsewhere" / "secret.txt"),
        ("same.txt", Path("a/in.txt")),
    ]:
        (folder / name).symlink_to(target)
    return folder


def names(folder: Path, *, follow_links: bool) -> dict[str, str | None]:
    found = find_files(folder, follow_links=follow_links)
    return {path.relative_to(folder).as_posix(): why_not for path, why_not in found}


def test_links_out_of_a_folder_are_skipped_with_a_reason(linked: Path) -> None:
    found = names(linked, follow_links=False)
    assert [name for name, why_not in found.items() if why_not is None] == ["a/in.txt", "same.txt"]
    assert "out of the folder" in str(found["all"])
    assert "out of the folder" in str(found["one.txt"])
    assert "a link to a folder" in str(found["again"])


def test_links_are_followed_on_request_and_no_folder_is_searched_twice(linked: Path) -> None:
    found = names(linked, follow_links=True)
    read = [name for name, why_not in found.items() if why_not is None]
    assert read == ["a/in.txt", "all/secret.txt", "one.txt", "same.txt"]
    assert "already" in str(found["again"])
    assert "already" in str(found["loop"])


def test_a_link_to_a_folder_given_as_the_path_is_searched(linked: Path) -> None:
    link = linked.parent / "link"
    link.symlink_to(linked)
    assert (link / "a/in.txt", None) in list(find_files(link))


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A file in the innermost of 1,200 folders, which pytest cannot remove."""
    made = [tmp_path]
    for _ in range(1_200):
        made.append(made[-1] / "d")
        made[-1].mkdir()
    path = made[-1] / "a.txt"
    path.touch()
    yield path
    path.unlink()
    for folder in reversed(made[1:]):
        folder.rmdir()


def test_folders_may_be_nested_as_deeply_as_the_system_allows(tmp_path: Path, deep: Path) -> None:
    assert list(find_files(tmp_path)) == [(deep, None)]


@pytest.mark.parametrize("name", ["license-fees-rise.txt", "Changelog of a war.txt", "readmeplease.md", "licenses.txt"])
def test_an_article_about_licences_is_an_article(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert list(find_files(tmp_path)) == [(tmp_path / name, None)]


@pytest.mark.parametrize("name", ["README", "readme.txt", "README_de.md", "LICENCE.txt", "Changelog.md"])
def test_readme_and_licence_files_are_skipped(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    ((_, why_not),) = find_files(tmp_path)
    assert "about the folder" in str(why_not)


def test_a_path_that_is_not_a_folder_is_yielded_itself(tmp_path: Path) -> None:
    assert list(find_files(tmp_path / "README.md")) == [(tmp_path / "README.md", None)]
