"""Files go in one by one: each has an outcome that names it, and none stops the others."""

from pathlib import Path

from assistant.intake import intake
from embeddings.encoder import Encoder
from embeddings.library import Library
from embeddings.outcome import Outcome

PAGE = '<html><head><link rel="canonical" href="https://example.org/a"></head><body><p>{}</p></body></html>'


def outcomes(folder: Path, encoder: Encoder) -> list[Outcome]:
    with Library.open(folder / "library", encoder) as library:
        return list(intake(library, [folder / "articles"], max_bytes=1_000_000))


def test_an_outcome_names_the_file_it_came_from_also_where_two_files_are_one_article(
    tmp_path: Path, encoder: Encoder
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in {"a": "It opened.", "b": "It closed.", "c": "It closed."}.items():
        (folder / f"{name}.html").write_text(PAGE.format(text), "utf-8")
    assert [(Path(one.path or "").name, one.status) for one in outcomes(tmp_path, encoder)] == [
        ("a.html", "added"),
        ("b.html", "replaced"),
        ("c.html", "unchanged"),
    ]
