import random
import re

import pytest

from embeddings.encoder import Encoder
from training.data.entities import Things
from training.data.exchanges import Exchanges
from training.data.item import Item
from training.data.rows import Row
from training.data.twins.found import FoundTwin
from training.data.twins.values import ValueSampler
from training.data.twins.written import Written

PEOPLE = [
    f"{first} {last}" for first in ("Anna", "Peter", "Maria", "Karl", "Ruth") for last in ("Weber", "Frei", "Huber")
]
PLACES = ["Basel", "Bern", "Chur", "Zurich", "Geneva", "Lugano", "Vaduz", "Milan", "Turin", "Lyon", "Paris", "Nancy"]
FILLER = "In the north it rained."


@pytest.fixture(scope="module")
def written() -> list[list[Item]]:
    """What is written in two hundred goes, each of which makes up to four questions about one passage."""
    people = [f"{first}{a} {last}{b}" for first, last in map(str.split, PEOPLE) for a in "ae" for b in "io"]
    places = [f"{place}{end}" for place in PLACES for end in ("", "dorf", "burg")]
    chance = random.Random(0)
    made = Written(ValueSampler(people, places), [FILLER])
    return [list(made.make(chance)) for _ in range(200)]


def told(one: Item) -> set[str]:
    return {reading.passage[s:e] for reading in one.example.readings for s, e in reading.spans}


def test_of_four_questions_about_two_things_two_are_answered(written: list[list[Item]]) -> None:
    whole = [four for four in written if len(four) == 4]
    assert len(whole) > 180
    assert all([one.answerable for one in four] == [False, False, True, True] for four in whole)
    assert all(len({one.example.readings[0].passage for one in four}) == 1 for four in written)


def test_each_of_two_things_is_asked_for_what_it_has_and_for_what_it_lacks(written: list[list[Item]]) -> None:
    for four in (four for four in written if len(four) == 4):
        lacks, lacks_too, has, has_too = (one.example.question for one in four)
        assert len({lacks, lacks_too, has, has_too}) == 4
        # Who has what: two values, one of each.
        assert told(four[2]) != told(four[3])


def test_no_answer_is_a_part_of_a_word(written: list[list[Item]]) -> None:
    for one in (one for four in written for one in four):
        for reading in one.example.readings:
            for start, end in reading.spans:
                assert not re.match(r"\w\w", reading.passage[start - 1 : start + 1] if start else "")
                assert not re.match(r"\w\w", reading.passage[end - 1 : end + 1])


def test_the_same_seed_writes_the_same() -> None:
    made = [
        list(Written(ValueSampler(PEOPLE, PLACES), [FILLER]).make(random.Random(seed)))
        for seed in (11, 11)
        for _ in range(1)
    ]
    assert made[0] == made[1]


CONTEXT = (
    "Anna Weber came to Geneva with her sisters. Anna Weber was born in Basel in the winter. "
    "Later in life Anna Weber painted ships."
)
OTHER = (
    "Peter Frei was born in Zurich in the summer. Peter Frei said so, and Maria Keller said that she was from Milan."
)


def row(question: str, answer: str, context: str, page: str) -> Row:
    start = context.index(answer)
    return Row(question, context, ((start, start + len(answer)),), "file", page)


ANNA = row("Where was Anna Weber born?", "Basel", CONTEXT, "one")
PETER = row("Where was Peter Frei born?", "Zurich", OTHER, "two")


@pytest.fixture(scope="module")
def found(minilm: Encoder) -> FoundTwin:
    rows = [ANNA, PETER]
    things = Things(
        [
            f"{CONTEXT} Anna Weber said so.",
            OTHER,
            "They were in Basel, in Basel, in Zurich and later in Zurich, where it was.",
        ]
    )
    return FoundTwin(rows, things, Exchanges(rows, things), minilm)


def test_a_fact_told_of_another_leaves_the_first_without_it(found: FoundTwin) -> None:
    made = [one for seed in range(10) for one in found.renamed(ANNA, random.Random(seed))]
    assert {one.answerable for one in made} == {True, False}
    for one in made:
        passage = one.example.readings[0].passage
        assert "Anna Weber was born" not in passage
        assert "Anna Weber painted ships" in passage
        assert ("Anna Weber" in one.example.question) is not one.answerable
        assert told(one) == ({"Basel"} if one.answerable else set())


def test_of_two_facts_each_thing_has_its_own(found: FoundTwin) -> None:
    made = [one for seed in range(20) for one in found.doubled(ANNA, random.Random(seed))]
    assert {one.answerable for one in made} == {True, False}
    for one in made:
        if "Anna Weber" in one.example.question:
            assert told(one) <= {"Basel"}
            assert ("born in Basel" in one.example.readings[0].passage) is one.answerable
        else:
            assert told(one).isdisjoint({"Basel", ""})
            assert one.answerable


def test_the_like_fact_of_another_page_stands_where_the_fact_was(found: FoundTwin) -> None:
    made = list(found.paired(ANNA, random.Random(0)))
    assert [one.answerable for one in made] == [False, True]
    (passage,) = {one.example.readings[0].passage for one in made}
    assert passage == (
        "Anna Weber came to Geneva with her sisters. Peter Frei was born in Zurich in the summer. "
        "Later in life Anna Weber painted ships."
    )
    assert (made[1].example.question, told(made[1])) == ("Where was Peter Frei born?", {"Zurich"})
