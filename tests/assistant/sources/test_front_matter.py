import time
from datetime import date

import pytest

from assistant.sources import read_markdown
from assistant.sources.front_matter import parse_date, split_front_matter

BOMB = "---\na: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Storm log: the second night", "Storm log: the second night"),
        ("'Storm log: the second night'", "Storm log: the second night"),
        (">-\n  A folded title that\n  runs over two lines", "A folded title that runs over two lines"),
        ('"A \\"quoted\\" title"  # and a comment', 'A "quoted" title'),
        ('"A" and B', '"A" and B'),
        ("@home: it's 50% off", "@home: it's 50% off"),
        ("1984", "1984"),
        ("12:30", "12:30"),
        ("Yes", "Yes"),
        ("2024-03-04", "2024-03-04"),
        ("[One, Two]", "One, Two"),
    ],
)
def test_titles_in_yaml_are_strings_as_written(written: str, title: str) -> None:
    assert split_front_matter(f"---\ntitle: {written}\n---\ntext") == ({"title": title}, "text")


def test_a_field_without_a_value_is_left_out() -> None:
    assert split_front_matter("---\ntitle:\nurl: ~\nsource: null\n---\ntext") == ({}, "text")


def test_toml_front_matter_becomes_fields_and_is_removed() -> None:
    article = read_markdown(
        '+++\ntitle = "The last ice boat"\ndate = 2023-01-15T08:00:00+01:00\nauthor = ["Pål Vik", "Ann Lee"]\n'
        'draft = false\n[extra]\ntitle = "another"\n+++\n\nText.'
    )
    assert (article.text, article.title, article.source) == ("Text.", "The last ice boat", "Pål Vik, Ann Lee")
    assert article.published == date(2023, 1, 15)


@pytest.mark.parametrize(
    "text",
    [
        "---\nNote: a thematic break\nand prose below it\n---\n",
        "---\ntags: [never\nends\n---\n",
        '---\ntitle: "half a character: \\ud800"\n---\n',
        "---\na: " + "x" * 30_000 + "\n---\n",
        "+++\ntitle = no quotes\n+++\n",
        "+++\nNobody closes this.",
    ],
    ids=["prose", "a list", "a surrogate", "too long", "no TOML", "no end"],
)
def test_invalid_front_matter_stays_in_the_text(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    "text",
    [
        BOMB + "title: *i\n---\ntext",
        BOMB + "<<: [*i, *i]\n---\ntext",
        "---\na: &a [*a]\n---\ntext",
        "---\na: b\n" + "[" * 9_000 + "\n---\ntext",
        '---\na: "\\UFFFFFFFF"\n---\ntext',
        "+++\na = " + "[" * 9_000 + "\n+++\ntext",
        "+++\na = " + "9" * 9_000 + "\n+++\ntext",
    ],
    ids=["aliases", "merged aliases", "a circle", "depth", "no character", "TOML's depth", "a long number"],
)
def test_hostile_front_matter_takes_neither_time_nor_memory(text: str) -> None:
    started = time.thread_time()
    fields, rest = split_front_matter(text)
    assert time.thread_time() - started < 5
    assert rest.endswith("text")
    assert sum(map(len, fields.values())) <= len(text)


@pytest.mark.parametrize(
    "value", ["2024-03-06", "2024-03-06T08:00:00+01:00", "2024/03/06", "March 6, 2024", "Mar 06, 2024", "6 March 2024"]
)
def test_every_unambiguous_date_format_is_parsed(value: str) -> None:
    assert parse_date(value) == date(2024, 3, 6)


@pytest.mark.parametrize("value", ["", "yesterday", "2024", "March 2024", "03/04/2024", "2024-13-01"])
def test_ambiguous_dates_are_none(value: str) -> None:
    assert parse_date(value) is None
