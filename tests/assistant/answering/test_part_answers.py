"""Questions that ask several things, with the real reader."""

from collections.abc import Iterator

import pytest

from assistant import Article, Assistant, Settings

TEXTS = {
    "Quarry sold": "The mining firm Ostra bought Vik Quarry in 2019. The quarry employs 40 people.",
    "Ostra": "Ostra was founded by the engineer Tove Dahl in 1987. It has its seat in Norrby.",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(settings=Settings(library=tmp_path_factory.mktemp("parts"))) as assistant:
        list(assistant.library.add([Article.create(text, title=title) for title, text in TEXTS.items()]))
        yield assistant


def test_each_part_is_answered_and_cited(library: Assistant) -> None:
    answer = library.ask("Who founded Ostra and how many people does Vik Quarry employ?")
    assert answer.standalone_question == "Who founded Ostra? How many people does Vik Quarry employ?"
    assert [sentence.text for sentence in answer.sentences] == [
        "Ostra was founded by the engineer Tove Dahl in 1987.",
        "The quarry employs 40 people.",
    ]
    assert [citation.title for citation in answer.citations] == ["Ostra", "Quarry sold"]
    assert answer.notices == ()


def test_a_part_that_the_articles_do_not_answer_is_named(library: Assistant) -> None:
    answer = library.ask("Who founded Ostra? How long does sourdough bread bake?")
    assert [sentence.text for sentence in answer.sentences] == ["Ostra was founded by the engineer Tove Dahl in 1987."]
    assert answer.notices == (
        "To a part of the question the articles do not say: “How long does sourdough bread bake?”",
    )


def test_if_no_part_is_answered_the_answer_is_an_abstention(library: Assistant) -> None:
    answer = library.ask("Who plays the lute and how long does sourdough bread bake?")
    assert (answer.abstained, answer.citations) == (True, ())


def test_the_answer_to_one_part_is_named_in_the_next(library: Assistant) -> None:
    answer = library.ask("Which engineer founded Ostra, and what did that engineer study?")
    assert answer.standalone_question.endswith("Tove Dahl study?")
