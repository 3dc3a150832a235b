"""Replies about the assistant and its articles, over a real library."""

from collections.abc import Iterator
from datetime import date

import pytest

from assistant import Answer, Article, Assistant, Filters, Message, Settings

PIER = Article.create(
    "The harbour council of Lindholm voted on Tuesday to rebuild the eastern pier. The project is led by Ragna Holt.",
    title="The eastern pier",
    source="Courier",
    published=date(2025, 2, 5),
    authors=["Brita Nes"],
)
FERRY = Article.create("The ferry Solvei ran aground off Holm with 63 people on board.", title="Ferry aground")


@pytest.fixture(scope="module")
def two_articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(settings=Settings(library=tmp_path_factory.mktemp("library"))) as assistant:
        list(assistant.library.add([PIER, FERRY]))
        yield assistant


def titles(answer: Answer) -> list[str]:
    return [passage.title for passage in answer.passages]


@pytest.mark.parametrize("message", ["Hello!", "Thanks, great!", "Who are you?", "What can you answer?", "Bye"])
def test_small_talk_gets_a_plain_text_and_no_citation(two_articles: Assistant, message: str) -> None:
    answer = two_articles.ask(message)
    assert (answer.mode, answer.abstained, answer.reason, answer.confidence) == ("about", False, None, 1.0)
    assert answer.answer
    assert (answer.sentences, answer.citations, answer.short_answer) == ((), (), None)


def test_every_article_that_a_reply_names_stands_in_its_passages(two_articles: Assistant) -> None:
    answer = two_articles.ask("What topics are here?")
    assert titles(answer) == ["The eastern pier", "Ferry aground"]
    assert answer.answer == "There are 2 articles here: “The eastern pier” and “Ferry aground”."


def test_the_articles_that_mention_a_name_are_found_by_all_its_words(two_articles: Assistant) -> None:
    answer = two_articles.ask("Which articles mention Ragna Holt?")
    assert answer.answer == "1 article mentions “Ragna Holt”: “The eastern pier”."
    assert "Ragna Holt" in answer.passages[0].text
    nobody = two_articles.ask("Which articles mention Ragna Nes?")
    assert (nobody.answer, nobody.passages) == ("No article mentions “Ragna Nes” in these words.", ())


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When was this published?", "“The eastern pier” was published on 5 February 2025."),
        ("Who wrote it?", "“The eastern pier” was written by Brita Nes."),
        ("Who published this article?", "The article is “The eastern pier”, published by Courier."),
    ],
)
def test_metadata_answers_what_is_asked_of_the_one_article_that_passes_the_filters(
    two_articles: Assistant, question: str, text: str
) -> None:
    answer = two_articles.ask(question, filters=Filters(article_ids=(PIER.id,)))
    assert (answer.answer, titles(answer)) == (text, ["The eastern pier"])


def test_what_is_not_recorded_is_said_to_be_unknown(two_articles: Assistant) -> None:
    answer = two_articles.ask("When was the article “Ferry aground” published?")
    assert answer.answer == "No date of publication is known of “Ferry aground”."


def test_the_article_that_the_answer_before_quotes_is_meant(two_articles: Assistant) -> None:
    question = "How many people were on board the Solvei?"
    history = [Message(role="user", content=question)]
    history.append(Message(role="assistant", content=two_articles.ask(question).answer or ""))
    answer = two_articles.ask("What is this article about?", history=history)
    assert (answer.mode, {citation.title for citation in answer.citations}) == ("digest", {"Ferry aground"})


def test_if_several_articles_may_be_meant_the_reply_asks_which(two_articles: Assistant) -> None:
    answer = two_articles.ask("Who wrote it?")
    assert (answer.answer or "").startswith("Which article do you mean?")
    assert titles(answer) == ["The eastern pier", "Ferry aground"]


def test_a_work_that_is_no_article_here_is_a_question_to_the_articles(two_articles: Assistant) -> None:
    answer = two_articles.ask("Who wrote War and Peace?")
    assert (answer.mode, answer.abstained) == ("extractive", True)


def test_without_articles_a_greeting_is_returned_all_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Assistant.open(settings=Settings(library=tmp_path_factory.mktemp("empty"))) as assistant:
        assert assistant.ask("Hello").answer == "Hello. There are no articles in the library yet."
        assert assistant.ask("When did Kerry speak?").reason == "library_empty"
