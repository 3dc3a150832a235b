import pytest

from assistant.conversation.statements import without_statements


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("I bought insurance for $280. How much of that can I get back?", "How much of that can I get back?"),
        ("When are the short weeks? I have to plan.", "When are the short weeks?"),
        ("The bridge is closed. When will it open? Who decides that?", "When will it open? Who decides that?"),
        ("someone got into the office. how fast do i report that", "how fast do i report that"),
    ],
)
def test_the_questions_of_a_message_are_told_from_its_statements(message: str, question: str) -> None:
    assert without_statements(message) == question


@pytest.mark.parametrize(
    "message",
    [
        "Who owns the bridge?",
        "Who owns it? Since when?",
        "I got a strange mail. What now?",
        "I lost my badge. Help me.",
        "",
    ],
)
def test_a_message_without_statements_or_whose_question_means_nothing_alone_stays_whole(message: str) -> None:
    assert without_statements(message) is None
