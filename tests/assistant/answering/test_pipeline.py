"""Questions that are read in two ways, with the real small reader."""

from collections.abc import Iterator

import pytest

from assistant import Answer, Article, Assistant, Message, Settings

PENSION = "How much does the port pay into the pension?"
CHOIR = "When does the choir meet?"
TEXTS = {
    "Pension": "The port pays six crowns into the pension for every hundred of the wage. "
    "One can join the pension in the second month of work.",
    "Choir": "The choir of the port meets on Mondays. Anyone may join the choir in September.",
    "Incidents": "Incidents have to be reported within one hour of being noticed. Call the guard at the gate.",
    "Bridge": "The bridge at Lier is painted green. It was closed in 1993.",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(settings=Settings(library=tmp_path_factory.mktemp("library"), reader="small")) as assistant:
        for title, text in TEXTS.items():
            assistant.add_article(Article.create(text, title=title))
        yield assistant


def asked_after(library: Assistant, earlier: str, question: str) -> Answer:
    said = library.ask(earlier).answer
    assert said
    return library.ask(
        question, history=[Message(role="user", content=earlier), Message(role="assistant", content=said)]
    )


@pytest.mark.parametrize(("earlier", "start"), [(PENSION, "second month"), (CHOIR, "September")])
def test_a_question_that_names_nothing_is_read_with_the_topic_if_its_answer_is_more_certain_then(
    library: Assistant, earlier: str, start: str
) -> None:
    answer = asked_after(library, earlier, "From when can I join?")
    assert start in (answer.answer or "")
    assert answer.standalone_question.startswith("From when can I join (")
    assert any("Read from the turns before" in notice for notice in answer.notices)


@pytest.mark.parametrize("question", ["What colour is the bridge painted?", "When was the bridge at Lier closed?"])
def test_a_question_about_something_else_is_read_as_it_is(library: Assistant, question: str) -> None:
    answer = asked_after(library, PENSION, question)
    assert answer.standalone_question == question
    assert answer.answer == library.ask(question).answer


def test_a_message_with_a_statement_is_also_read_without_it(library: Assistant) -> None:
    question = "By when do incidents have to be reported?"
    alone, answer = (
        library.ask(question),
        library.ask(f"My sister and I were on the bridge at Lier and it rained. {question}"),
    )
    assert answer.answer == alone.answer == "Incidents have to be reported within one hour of being noticed."
    assert (answer.confidence or 0) < (alone.confidence or 0)


def test_a_statement_does_not_make_an_answer_of_what_the_articles_do_not_say(library: Assistant) -> None:
    assert library.ask("We walked over the bridge at Lier. How much does a boat to Orrin cost?").abstained
