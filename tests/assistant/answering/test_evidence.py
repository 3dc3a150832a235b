"""What belongs to an answer beside the best sentence, with the real reader."""

from collections.abc import Iterator

import pytest

from assistant import Answer, Article, Assistant, Filters, Settings
from assistant.sources import markdown
from embeddings.text.article import Span

BERTHS = """The port of Vik opens four berths this summer:

Alder Quay

Birch Quay

Cedar Quay

Dogwood Quay

Each has water and power."""
FEES = """The council of Norrby discussed the parking fees:
- residents pay 10 crowns a day
- visitors pay 40 crowns a day

Mayor Tove Dahl said that the votes were close."""
GROUPS = """The open groups of Lindholm are:

Anglers — for all who fish from the pier. Bring a rod.

Bakers — a place to share recipes, held on the first Monday of each month in the kitchen of the school.

Walkers — for walks on Sundays.

Whoever wants to join writes to Ole Strand."""
PUMP = (
    "Open the blue valve by a quarter turn. It may drip.",
    "Press the green button until the light goes out.",
    "Close the valve again",
)
MANUAL = """The gauge of the Vik pump is read by a program.

## Alarm

The alarm sounds above 40 bar. To set the level at which it sounds, use:

```yaml
alarm:
  level: 35
  siren: north
```

The siren can be heard in Holm.

## Log

The log is written every night. A log of the pump looks like this:

```console
$ gauge log
opened the blue valve
the pressure rose to 31 bar
closed the valve
```
"""
PROJECTS = (
    "The council of Tartu approved three projects on Monday. The first is a new library. The second is a bridge over "
    "the river. The third is a school for 300 pupils. It also discussed the budget."
)
PERSON = (
    "Ragna Holt became head of the port in 2016. She studied law in Odense. Before that she had worked for six years "
    "as a deckhand on the Solvei. As part of an agreement with the owners "
    "of the yard, she gave up her shares.\n\nHer deputy is Ole Strand. He studied economics in Tartu."
)
COURIER = "The ferry Solvei ran aground off Holm on Friday with 63 people on board. No one was hurt."
TIDINGS = "All 63 passengers of the Solvei, which struck a reef off Holm on Friday, reached the shore unharmed."
RADIO = "The coast guard says the Solvei hit the reef because its radar was switched off."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    texts = {"Berths": BERTHS, "Fees": FEES, "Groups": GROUPS, "Projects": PROJECTS, "Holt": PERSON}
    texts |= {"Courier": COURIER, "Tidings": TIDINGS, "Radio": RADIO}
    with Assistant.open(settings=Settings(library=tmp_path_factory.mktemp("library"))) as assistant:
        list(assistant.library.add(Article.create(text, title=title) for title, text in texts.items()))
        yield assistant


def said(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def test_a_sentence_that_refers_back_after_a_connective_brings_the_one_before_it(library: Assistant) -> None:
    mill = "The town of Norrby built a mill in 1911. But it burnt down in 1954 after a lightning strike."
    outcome = library.add_article(Article.create(mill, title="Mill"))
    asked = library.ask("What burnt down in 1954?", filters=Filters(article_ids=(outcome.article_id or "",)))
    assert " ".join(said(asked)) == mill


def test_a_question_for_a_list_brings_every_item_with_the_line_above_them(library: Assistant) -> None:
    answer = library.ask("Which berths does the port of Vik open this summer?")
    assert said(answer)[1:] == ["Alder Quay", "Birch Quay", "Cedar Quay", "Dogwood Quay"]
    assert said(answer)[0].endswith("four berths this summer:")
    assert answer.short_answer is None
    assert {citation.verdict for citation in answer.citations} == {"verbatim"}


def test_a_question_that_the_line_above_a_list_answers_does_not_bring_the_list(library: Assistant) -> None:
    assert said(library.ask("How many berths does the port of Vik open?")) == BERTHS.splitlines()[:1]


def test_a_list_with_markers_ends_where_they_end(library: Assistant) -> None:
    assert said(library.ask("What are the parking fees in Norrby?")) == FEES.splitlines()[:3]


def test_a_list_of_terms_and_what_they_are_ends_with_the_last_term(library: Assistant) -> None:
    assert said(library.ask("What are the open groups of Lindholm?")) == [
        "The open groups of Lindholm are:",
        "Anglers — for all who fish from the pier.",
        "Bring a rod.",
        "Bakers — a place to share recipes, held on the first Monday of each month in the kitchen of the school.",
        "Walkers — for walks on Sundays.",
    ]


def test_a_question_what_to_do_brings_all_steps_of_a_list_that_the_format_marks(library: Assistant) -> None:
    pump = "\n\n".join(["To start the pump in Vik:", *PUMP, "The pump was built in 1911."])
    marked = Span(start=pump.index(PUMP[0]), end=pump.index("\n\nThe pump was"))
    outcome = library.add_article(Article.create(pump, title="Pump", lists=(marked,)))
    filters = Filters(article_ids=(outcome.article_id or "",))
    asked = library.ask("How do I start the pump?", filters=filters)
    assert " ".join(said(asked)) == " ".join(["To start the pump in Vik:", *PUMP])
    assert said(library.ask("When was the pump built?", filters=filters)) == ["The pump was built in 1911."]


@pytest.fixture(scope="module")
def manual(library: Assistant) -> Filters:
    outcome = library.add_article(markdown.parse(MANUAL).article(title="Gauge", path="gauge.md"))
    return Filters(article_ids=(outcome.article_id or "",))


def test_a_sentence_with_a_colon_brings_the_code_below_it_as_one_sentence(library: Assistant, manual: Filters) -> None:
    answer = library.ask("How do I set the level at which the alarm of the pump sounds?", filters=manual)
    assert [(one.text, one.code) for one in answer.sentences[-2:]] == [
        ("To set the level at which it sounds, use:", False),
        ("alarm:\n  level: 35\n  siren: north", True),
    ]
    assert {citation.verdict for citation in answer.citations} == {"verbatim"}


def test_lines_of_code_come_as_one_sentence_with_the_one_that_introduces_them(
    library: Assistant, manual: Filters
) -> None:
    assert said(library.ask("pump log pressure rose", filters=manual)) == [
        "A log of the pump looks like this:",
        "$ gauge log\nopened the blue valve\nthe pressure rose to 31 bar\nclosed the valve",
    ]


def test_a_question_is_answered_by_prose_and_not_by_a_line_of_code_alone(library: Assistant, manual: Filters) -> None:
    assert library.ask("How high did the pressure rise?", filters=manual).answer is None


def test_a_question_for_a_list_brings_what_is_enumerated_in_prose(library: Assistant) -> None:
    answer = library.ask("Which projects did the council of Tartu approve?")
    assert [text.split()[1] for text in said(answer)] == ["council", "first", "second", "third"]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How long did Ragna Holt work as a deckhand?", "Ragna Holt became head of the port in 2016."),
        ("Where did Ragna Holt study law?", "Ragna Holt became head of the port in 2016."),
        ("What did Ragna Holt give up?", "Ragna Holt became head of the port in 2016."),
        ("Where did Ole Strand study economics?", "Her deputy is Ole Strand."),
    ],
)
def test_a_sentence_that_opens_with_a_pronoun_comes_after_the_one_that_names_whom_it_means(
    library: Assistant, question: str, named: str
) -> None:
    answer = library.ask(question)
    assert said(answer)[0] == named
    assert len(said(answer)) == 2


def test_what_a_pronoun_tells_of_somebody_else_does_not_answer(library: Assistant) -> None:
    answer = library.ask("Where did Ole Strand study law?")
    assert (answer.abstained, answer.reason) == (True, "not_answered_by_passages")


def test_a_fact_that_two_articles_report_cites_both(library: Assistant) -> None:
    answer = library.ask("How many people were on board the Solvei when it ran aground?")
    assert [citation.title for citation in answer.citations] == ["Courier", "Tidings"]
    assert answer.short_answer == "63"


def test_a_fact_that_one_article_reports_is_one_sentence(library: Assistant) -> None:
    assert said(library.ask("Why did the Solvei hit the reef?")) == [RADIO]
