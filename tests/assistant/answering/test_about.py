"""Replies about the assistant and its articles, over a real library."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

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


@pytest.fixture
def wire_story(tmp_path: Path) -> Iterator[Assistant]:
    """One story in three newspapers, on different days, and another one."""
    story = "The bridge over the Tarn was opened on Monday. It cost 4 million pounds and took three years to build."
    with Assistant.open(settings=Settings(library=tmp_path)) as assistant:
        for day, source in enumerate(("Gazette", "Gazette", "Courier"), 1):
            article = Article.create(
                story,
                title=f"Bridge {day}",
                source=source,
                published=date(2020, 1, day),
                url=f"https://{day}.example.org",
            )
            assistant.add_article(article)
        assistant.add_article(Article.create("The ferry to Orrin stops in May.", title="Ferry", source="Post"))
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


def test_each_of_several_near_duplicates_counts(wire_story: Assistant) -> None:
    mentions = wire_story.ask("Which articles mention the Tarn?")
    assert (mentions.answer or "").startswith("3 articles mention")
    of_one_source = wire_story.ask("What articles do you have?", filters=Filters(sources=("Gazette",)))
    assert of_one_source.answer == "There are 2 articles here: “Bridge 1” and “Bridge 2”."
    nothing = wire_story.ask("What articles do you have?", filters=Filters(published_after=date(2021, 1, 1)))
    assert nothing.answer == "No article passes the filters."


@pytest.mark.parametrize("question", ["When was this published?", "Summarise the article"])
def test_of_several_near_duplicates_that_pass_a_filter_none_is_meant(wire_story: Assistant, question: str) -> None:
    asked = wire_story.ask(question, filters=Filters(sources=("Gazette",)))
    assert (asked.answer or "").startswith("Which article do you mean? There are 2 articles here")
    told = wire_story.ask("When was this published?", filters=Filters(sources=("Courier",)))
    assert told.answer == "“Bridge 3” was published on 3 January 2020."


def test_a_near_duplicate_is_found_by_its_own_title(wire_story: Assistant) -> None:
    answer = wire_story.ask("When was the article “Bridge 2” published?")
    assert answer.answer == "“Bridge 2” was published on 2 January 2020."


def test_a_work_that_is_no_article_here_is_a_question_to_the_articles(two_articles: Assistant) -> None:
    answer = two_articles.ask("Who wrote War and Peace?")
    assert (answer.mode, answer.abstained) == ("extractive", True)


def test_without_articles_a_greeting_is_returned_all_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Assistant.open(settings=Settings(library=tmp_path_factory.mktemp("empty"))) as assistant:
        assert assistant.ask("Hello").answer == "Hello. There are no articles in the library yet."
        assert assistant.ask("When did Kerry speak?").reason == "library_empty"
