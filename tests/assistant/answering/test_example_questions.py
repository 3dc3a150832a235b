"""Example questions, over a real library."""

from collections.abc import Iterator

import pytest

from assistant import Article, Assistant, Settings
from assistant.answering.example_questions import drafts
from embeddings.errors import ArticleNotFound

PIER = Article.create(
    "The eastern pier was rebuilt in 1952 after a storm. Mayor Ragna Holt opened the new crane on Monday.\n\n"
    "About 400 people were evacuated during the work. It is grey.",
    title="The eastern pier",
)
FERRY = Article.create(
    "The ferry Solvei ran aground off Holm. Captain Jonas Vick denied the charge that he was asleep.",
    title="Ferry aground",
)


@pytest.fixture(scope="module")
def two_articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(settings=Settings(library=tmp_path_factory.mktemp("library"))) as assistant:
        list(assistant.library.add([PIER, FERRY]))
        yield assistant


def test_questions_are_made_from_sentences_of_several_forms() -> None:
    assert [draft.question for draft in drafts(PIER)] == [
        "What did Ragna Holt open?",
        "Who is Ragna Holt?",
        "When was the eastern pier rebuilt?",
        "How many people were evacuated?",
    ]


def test_a_heading_that_asks_is_a_question_before_all_others() -> None:
    heading = "Who may use the pier?"
    article = Article.create(f"{PIER.text}\n\n{heading}\n\nEverybody.", sections=(len(PIER.text) + 2,))
    assert [draft.question for draft in drafts(article)][:2] == [heading, "What did Ragna Holt open?"]


def test_every_example_is_answered_from_its_article(two_articles: Assistant) -> None:
    examples = two_articles.examples()
    assert {example.title for example in examples} == {PIER.title, FERRY.title}
    for example in examples:
        answer = two_articles.ask(example.question)
        assert not answer.abstained
        assert example.article_id in {citation.article_id for citation in answer.citations}
    assert two_articles.ask(examples[-1].question).mode == "digest"


def test_examples_of_one_article_are_drawn_from_it_alone(two_articles: Assistant) -> None:
    examples = two_articles.examples(10, FERRY.id)
    assert {example.article_id for example in examples} == {FERRY.id}
    assert "What did Jonas Vick deny?" in [example.question for example in examples]
    with pytest.raises(ArticleNotFound):
        two_articles.examples(10, "nowhere")


def test_examples_are_drawn_again_only_when_the_library_has_changed(two_articles: Assistant) -> None:
    first = two_articles.examples(2)
    assert two_articles.examples(2) is first
    mill = Article.create("Lena Haas founded the mill in 1880 at the old bridge.", title="The mill")
    two_articles.add_article(mill)
    assert mill.id in {example.article_id for example in two_articles.examples(2)}
    two_articles.remove(mill.id)


def test_who_no_longer_waits_gets_what_was_drawn_so_far(two_articles: Assistant) -> None:
    assert two_articles.examples(3, cancelled=lambda: True) == []
    assert len(two_articles.examples(3)) == 3


def test_an_empty_library_has_no_examples(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Assistant.open(settings=Settings(library=tmp_path_factory.mktemp("library"))) as assistant:
        assert assistant.examples() == []
