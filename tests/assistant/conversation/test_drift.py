import pytest

from assistant.conversation.drift import MAX_ADDED_CHARACTERS, drift
from assistant.request import Message
from tests.assistant.conversation.conversation import FERRY, PUMP, VISITORS


@pytest.mark.parametrize(
    ("history", "question", "rewritten"),
    [
        (FERRY, "When did she retire?", "When did Ada Brandt retire?"),
        (FERRY, "And why?", "Why did Ada Brandt found the Orrin ferry company?"),
        (PUMP, "What about P-320?", "How much does pump P-320 cost?"),
        (VISITORS, "And in Varga?", "How many visitors came to Varga in May?"),
        (VISITORS, "Who counted them?", "Who counted the visitors of Tolmin?"),
    ],
)
def test_a_rewrite_in_words_of_the_conversation_does_not_drift(
    history: list[Message], question: str, rewritten: str
) -> None:
    assert drift(rewritten, question, history) is None


@pytest.mark.parametrize(
    ("rewritten", "why"),
    [
        ("When did Ada Brandt retire to Portugal?", "“Portugal” was said nowhere"),
        ("When did Ada Brandt retire in 1922?", "“1922” was said nowhere"),
        ("When was Ada Brandt a captain?", "“retire” is missing"),
        ("Why did Ada Brandt retire?", "it asks for something else"),
        ("When did Ada Brandt not retire?", "it denies something else"),
        ("When did Ada Brandt retire?\nIn 1921.", "it is not one question"),
        ("", "it is not one question"),
        ("When did Ada Brandt retire?" + " Ada" * MAX_ADDED_CHARACTERS, "it is not one question"),
    ],
)
def test_the_reason_for_drift_is_reported(rewritten: str, why: str) -> None:
    assert drift(rewritten, "When did she retire?", FERRY) == why
