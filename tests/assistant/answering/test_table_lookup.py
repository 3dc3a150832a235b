"""The cells of tables, with the real reader."""

from collections.abc import Iterator

import pytest

from assistant import Article, Assistant, Settings
from assistant.answering.candidate_sentences import candidate_sentences
from assistant.answering.table_lookup import find_cell

FARES = """The fares of the island lines:

Line | Adult | Child | Bicycle
Blue | 45 | 20 | 0
Red | 62 | 31 | 15
Green | 38 | 19 | 10

Children under four travel free."""
PASSENGERS = """Passengers of the harbour trams:

Tram | Year | Passengers
Tram 1 | 2022 | 9,120
Tram 1 | 2023 | 10,480
Tram 2 | 2023 | 7,400"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = Settings(library=tmp_path_factory.mktemp("tables"))
    with Assistant.open(settings=settings) as assistant:
        list(assistant.library.add([Article.create(FARES, title="Fares"), Article.create(PASSENGERS, title="Trams")]))
        yield assistant


@pytest.mark.parametrize(
    ("question", "cell", "row"),
    [
        ("How much does a child pay on the red line?", "31", "Red | 62 | 31 | 15"),
        ("What does a bicycle cost on the green line?", "10", "Green | 38 | 19 | 10"),
        ("Which line charges 62 for an adult?", "Red", "Red | 62 | 31 | 15"),
        ("How many passengers did tram 1 have in 2023?", "10,480", "Tram 1 | 2023 | 10,480"),
    ],
)
def test_the_row_and_the_column_that_a_question_names_have_the_cell(
    library: Assistant, question: str, cell: str, row: str
) -> None:
    found = find_cell(question, candidate_sentences(library.library.search(question)))
    assert found
    assert (found.text, found.row.text) == (cell, row)


@pytest.mark.parametrize(
    "question",
    [
        "What does a dog cost on the red line?",  # no such column
        "What does a bicycle cost on the yellow line?",  # no such row
        "How many passengers did the trams have in 2023?",  # two rows
        "Do children under four travel free?",
    ],
)
def test_no_cell_is_found_where_a_question_does_not_name_one_row_and_one_column(
    library: Assistant, question: str
) -> None:
    assert find_cell(question, candidate_sentences(library.library.search(question))) is None


def test_the_facts_of_a_cell_have_every_cell_of_its_row_with_its_heading(library: Assistant) -> None:
    question = "How many passengers did tram 1 have in 2023?"
    found = find_cell(question, candidate_sentences(library.library.search(question)))
    assert found
    assert found.facts == "Tram 1 (Tram), 2023 (Year), 10,480 (Passengers)"


def test_an_answer_from_a_table_is_the_cell_and_cites_its_row(library: Assistant) -> None:
    answer = library.ask("How many passengers did tram 1 have in 2023?")
    assert (answer.short_answer, answer.answer) == ("10,480", "Tram 1 | 2023 | 10,480")
