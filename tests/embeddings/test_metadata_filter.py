import operator
import random
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from embeddings.filters import Filters
from embeddings.library import Library
from embeddings.metadata_filter import Condition, parse_conditions
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

NEWS: dict[str, JsonValue] = {
    "section": "Sport",
    "year": 2016,
    "day": "2016-10-04",
    "pages": "12",
    "draft": False,
    "editor": None,
    "tags": ["sea", "New York", 7],
    "seed": {"row": 3},
    "a.b": "dotted",
}


def passes(conditions: str) -> bool:
    return all(condition.passes(NEWS) for condition in parse_conditions(conditions))


@pytest.mark.parametrize(
    "conditions",
    [
        "section = Sport",
        "section != Politics and not section = Politics",
        "section in (Politics, 'Sport')",
        "year >= 2016 and year<2016.5 AND year = 2016.0",
        'year = "2016"',
        "day >= 2016-10-01 and day < 2016-11",
        "pages > 9",
        "draft = false",
        "has section and not has editor and not has author",
        'tags = "New York" and tags = sea and tags > 6',
        "seed.row = 3 and a.b = dotted",
        "author != Ada",
    ],
)
def test_an_article_that_meets_every_condition_passes(conditions: str) -> None:
    assert passes(conditions)


@pytest.mark.parametrize(
    "conditions",
    [
        "section = sport",
        "section = Sport and year = 2017",
        "section > 5",
        'pages > "9"',
        "year = 2016-10",
        "tags != sea",
        "not tags in (7, 8)",
        "seed = 3",
        "section.name = Sport",
        "has editor",
        "author = Ada",
        "draft = 0",
    ],
)
def test_an_article_that_misses_a_condition_does_not_pass(conditions: str) -> None:
    assert not passes(conditions)


REFUSED = """ /  /section/section =/= Sport/a = b c = d/a = b or c = d/a in b/a in (b/a in ()/has/a = 'b/a == b/not
/a = b and/a = b)/(a = b)/a ! b/section: Sport"""


@pytest.mark.parametrize("text", ["", *REFUSED.split("/")])
def test_what_is_no_filter_is_refused_with_an_example_of_one(text: str) -> None:
    with pytest.raises(ValidationError, match="conditions such as `section = Sport and year >= 2016"):
        Filters(metadata=text)


@given(st.text())
@settings(max_examples=30)
def test_any_text_is_parsed_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert parse_conditions(text)


@given(name=st.text(min_size=1), values=st.lists(st.text(), min_size=1))
@settings(max_examples=30)
def test_any_name_and_value_can_be_written_in_quotes(name: str, values: list[str]) -> None:
    written = f"{quoted(name)} in ({','.join(map(quoted, values))}) and has {quoted(name)}"
    assert parse_conditions(written) == (Condition(name, False, "=", tuple(values)), Condition(name, False))


@pytest.mark.parametrize("number", ["9" * 5000, "1e999", "-0", "0.1"])
def test_numbers_of_any_length_are_compared(number: str) -> None:
    (condition,) = parse_conditions(f"x = {number}")
    assert condition.passes({"x": number})
    assert not condition.passes({"x": "some text"})


class Asked(NamedTuple):
    """A random condition as it is written, and what it means for a value, written down a second time."""

    name: str
    sign: str
    value: str | int

    @property
    def text(self) -> str:
        if self.sign in {"has", "not has"}:
            return f"{self.sign} {self.name}"
        return f"{self.name} {self.sign} {self.value if isinstance(self.value, int) else quoted(self.value)}"

    def holds(self, metadata: dict[str, Any]) -> bool:
        value = metadata.get(self.name)
        values = [] if value is None else value if isinstance(value, list) else [value]
        match self.sign:
            case "has":
                return bool(values)
            case "not has":
                return not values
            case "!=":
                return not Asked(self.name, "=", self.value).holds(metadata)
        compare = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
        if isinstance(self.value, str):
            return any(compare[self.sign](str(one), self.value) for one in values)
        return any(compare[self.sign](int(one), self.value) for one in values if str(one).isdigit())


def test_a_filtered_search_finds_exactly_the_articles_that_pass(tmp_path: Path) -> None:
    """A thousand random filters over a library, against a look at every article."""
    choose = random.Random(2016)
    values: list[Any] = ["Sport", "World", 'a "b" c', "7", 7, 12, "12", None, ["Sport", 7], [], ["x", "World"]]
    literals: list[str | int] = ["Sport", 'a "b" c', "7", 7, 9, 12]
    names = ["section", "year", "tag"]
    articles = [
        Article.create(
            f"The ship {number} sailed.",
            path=str(number),
            source=choose.choice(["Reuters", "AP"]),
            metadata={name: choose.choice(values) for name in names if choose.random() < 0.8},
        )
        for number in range(30)
    ]
    signs = ["=", "!=", "<", "<=", ">", ">=", "has", "not has"]
    sizes = set()
    with Library.open(tmp_path, HashedWords()) as library:
        list(library.add(articles))
        for _ in range(1000):
            asked = [
                Asked(choose.choice(names), choose.choice(signs), choose.choice(literals))
                for _ in range(choose.randint(1, 3))
            ]
            sources = choose.choice([None, ("Reuters",)])
            expected = {
                one.id
                for one in articles
                if (sources is None or one.source in sources)
                and all(condition.holds(dict(one.metadata)) for condition in asked)
            }
            filters = Filters(sources=sources, metadata=" and ".join(condition.text for condition in asked))
            for by in ("fused", "bm25") if choose.random() < 0.2 else ("fused",):
                hits = library.search("ship", len(articles), filters, by)
                assert {hit.article.id for hit in hits} == expected, filters.metadata
            sizes.add(len(expected))
    assert len(sizes) > 15


def test_a_name_that_no_article_has_is_told_with_the_nearest(tmp_path: Path) -> None:
    with Library.open(tmp_path, HashedWords()) as library:
        list(library.add([Article.create("Grain fell.", metadata={"section": "Trade", "seed": {"row": 1}})]))
        (found,) = library.unknown_filter_values(Filters(metadata="sektion = Trade and seed.row = 1"))
        assert (found.field, found.values, found.nearest[0]) == ("metadata", ("sektion",), "section")
        assert library.unknown_filter_values(Filters(metadata="section = Sport")) == []


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
