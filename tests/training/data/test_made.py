"""Every kind of example: its spans are answers, and what is said not to be told is not."""

import random
from collections.abc import Callable, Iterator

import pytest

from training.data.cuts import cut
from training.data.entities import Things
from training.data.exchanges import Exchanges
from training.data.item import Item
from training.data.neighbours import Neighbours
from training.data.relations import Relations
from training.data.rows import Row

MILL = (
    "Anna Weber was born in Basel in 1904. Anna Weber later moved to Geneva with her two sisters. "
    "The first mill was built by Karl Huber on the river. It had not been his idea."
)
OTHERS = (
    "Peter Frei said that Zurich was full. Peter Frei was born in Zurich in 1871 and died in Lugano.",
    "Maria Keller told friends in Lugano about the storm of 1932. Maria Keller married in Bern.",
    "Karl Huber said on May 3, 1910 that he would leave Chur for Bern with 3,400 francs.",
)


def row(question: str, answer: str, context: str = MILL) -> Row:
    start = context.index(answer)
    return Row(question, context, ((start, start + len(answer)),), "file", "page")


BORN = row("Where was Anna Weber born?", "Basel")
BUILT = row("Who built the first mill on the river?", "Karl Huber")
ROWS = [BORN, BUILT, *(row("Who said so?", text.split()[0], text) for text in OTHERS)]


@pytest.fixture(scope="module")
def things() -> Things:
    return Things([*(one.context for one in ROWS), "where on in later it who"])


def all_of(make: Callable[[Row, random.Random], Iterator[Item]], one: Row) -> list[Item]:
    return [made for seed in range(20) for made in make(one, random.Random(seed))]


def told(one: Item) -> set[str]:
    return {reading.passage[s:e] for reading in one.example.readings for s, e in reading.spans}


def test_things_are_found_with_their_kind(things: Things) -> None:
    text = "On May 3, 1910 Karl Huber paid $2.5 million, or 5 percent, to 3,400 people in Basel's Bank in 1911."
    found = [(one.kind, text[one.start : one.end]) for one in things.of(text)]
    assert [kind for kind, _ in found] == ["date", "person", "money", "percent", "number", "name", "name", "year"]
    assert [words for _, words in found][-3:] == ["Basel", "Bank", "1911"]


def test_a_cut_passage_lacks_the_answer_or_a_sentence_that_is_not_needed() -> None:
    made = all_of(cut, BORN)
    assert {one.answerable for one in made} == {True, False}
    assert all("Basel" not in one.example.readings[0].passage for one in made if not one.answerable)
    assert {answer for one in made if one.answerable for answer in told(one)} == {"Basel"}


def test_an_exchanged_question_asks_for_a_thing_that_its_passage_does_not_tell_of(things: Things) -> None:
    made = all_of(Exchanges(ROWS, things).question, BORN)
    assert made
    for one in made:
        assert not one.answerable
        assert "Anna Weber" not in one.example.question
        assert one.example.readings[0].passage == MILL


def test_an_exchanged_passage_answers_the_exchanged_question_alone(things: Things) -> None:
    made = all_of(Exchanges(ROWS, things).passage, BORN)
    assert {one.answerable for one in made} == {True, False}
    for one in made:
        assert "Weber" not in one.example.readings[0].passage
        assert ("Anna Weber" in one.example.question) is not one.answerable
        assert told(one) == ({"Basel"} if one.answerable else set())


def test_a_relation_gives_way_to_one_that_the_passage_does_not_tell() -> None:
    made = all_of(Relations().question, BUILT)
    assert made
    assert not any(one.answerable for one in made)
    assert not any("first" in one.example.question and "built" in one.example.question for one in made)


def test_a_passage_whose_relation_changed_answers_the_changed_question_alone() -> None:
    made = all_of(Relations().passage, BUILT)
    assert {one.answerable for one in made} == {True, False}
    for one in made:
        assert (one.example.question == BUILT.question) is not one.answerable
        assert one.example.readings[0].passage != MILL


def test_what_is_asked_after_is_denied() -> None:
    asked = row("Who was the mill built by?", "Karl Huber", "The mill was built by Karl Huber. It stood in Basel.")
    passages = {one.example.readings[0].passage for one in all_of(Relations().denied, asked)}
    assert passages == {"The mill was not built by Karl Huber. It stood in Basel."}


def test_a_passage_near_by_has_no_accepted_answer_in_it(things: Things) -> None:
    asked = row("Where did the merchant Karl Huber go with his francs?", "Bern", OTHERS[2])
    made = all_of(Neighbours([*ROWS, asked]).of, asked)
    assert made
    assert all(not one.answerable and "Bern" not in one.example.readings[0].passage for one in made)
