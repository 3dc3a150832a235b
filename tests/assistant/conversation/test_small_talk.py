import pytest

from assistant.conversation.small_talk import find_small_talk


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Hello!", "greeting"),
        ("good morning 👋", "greeting"),
        ("Hi there, how are you?", "greeting"),
        ("Thanks, great!", "thanks"),
        ("Thank you so much for your help.", "thanks"),
        ("ok", "thanks"),
        ("Bye!", "farewell"),
        ("Who are you?", "identity"),
        ("Are you a real person?", "identity"),
        ("What can you answer?", "abilities"),
        ("Could you please help me?", "abilities"),
        ("Hello! What can I ask you?", "abilities"),
    ],
)
def test_a_message_of_nothing_but_small_talk_is_recognised(message: str, kind: str) -> None:
    assert find_small_talk(message) == kind


@pytest.mark.parametrize(
    "message",
    [
        "Who are the Hello Kitty makers?",
        "What did Putin thank them for?",
        "Hello, what did Kerry say?",
        "Thanks. And when?",
        "What can you do with plutonium?",
        "Who are you talking about?",
        "What is Good Morning America?",
        "Help for Aleppo",
        "Was the harvest good?",
        "",
        "?!",
    ],
)
def test_a_question_that_articles_may_answer_is_never_small_talk(message: str) -> None:
    assert find_small_talk(message) is None
