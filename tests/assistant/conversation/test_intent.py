import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation.intent import MAX_CHARACTERS, Intent, find_intent


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("Hello!", Intent("greeting")),
        ("What topics are here?", Intent("collection")),
        ("Please list all articles.", Intent("collection")),
        ("Which articles mention Ragna Holt?", Intent("mentions", "Ragna Holt")),
        ("Are there any articles about the ferry?", Intent("mentions", "the ferry")),
        ("When was this published?", Intent("published")),
        ("Who wrote it?", Intent("author")),
        ("Who wrote the article about the ferry?", Intent("author", "the ferry")),
        ("Who published this article?", Intent("source")),
        ("What is this article about?", Intent("digest")),
        ("What’s it about?", Intent("digest")),
        ("Can you summarise the article?", Intent("digest")),
        ("tl;dr", Intent("digest")),
        ("What are the main points?", Intent("digest")),
        ("Give me a summary of the ferry strike.", Intent("digest", "the ferry strike")),
        ("What do the articles say about the ferry strike?", Intent("digest", "the ferry strike")),
        ("Summarize “The eastern pier”", Intent("digest", "The eastern pier")),
    ],
)
def test_a_message_that_no_sentence_answers_has_an_intent(message: str, intent: Intent) -> None:
    assert find_intent(message) == intent


@pytest.mark.parametrize(
    "message",
    [
        "When did Kerry last speak to Lavrov?",
        "What did the article say about Kerry?",
        "What do the articles say about who paid for it?",
        "Which article of the treaty mentions plutonium?",
        "Who named the ship?",
        "What are the main obstacles?",
        "How many people mention the war?",
        "Where was the ship built?",
    ],
)
def test_a_question_to_the_articles_has_no_intent(message: str) -> None:
    assert find_intent(message) is None


@pytest.mark.parametrize(
    "message",
    ["Who wrote War and Peace?", "What is the treaty about?", "When was the report published?"],
)
def test_a_question_that_the_articles_may_answer_is_put_to_them_first(message: str) -> None:
    intent = find_intent(message)
    assert intent is not None
    assert not intent.certain


def test_in_a_conversation_it_may_mean_something_else_than_the_article() -> None:
    assert find_intent("Who wrote it?", has_history=True) == Intent("author", certain=False)
    assert find_intent("Who wrote this article?", has_history=True) == Intent("author")
    assert find_intent("Summarise it", has_history=True) == Intent("digest")


@given(st.text(min_size=MAX_CHARACTERS + 1))
def test_a_long_message_is_a_question(message: str) -> None:
    assert find_intent(message) is None
