import pytest

from assistant.conversation.keywords import MAX_WORDS, is_keyword_query


@pytest.mark.parametrize(
    "message",
    [
        "kerry lavrov talks",
        "Lavrov",
        "visual backbone number of parameters",
        "most runs ever scored in an innings",
        "C++ build flags (Windows)",
        "“aid convoy” Aleppo",
        "prix du café 2016",
    ],
)
def test_a_few_words_without_a_sentence_are_a_keyword_query(message: str) -> None:
    assert is_keyword_query(message)


@pytest.mark.parametrize(
    "message",
    [
        "kerry lavrov talks?",
        "when did kerry talk to lavrov",
        "did kerry talk to lavrov",
        "list the parties to the talks",
        "tell me about the talks",
        "my laptop broke on the train",
        "Kerry talked to Lavrov.",
        "and in Moscow",
        "克里何时会见拉夫罗夫",
        "2016",
        "",
    ],
)
def test_a_question_a_request_or_a_sentence_is_none(message: str) -> None:
    assert not is_keyword_query(message)


def test_a_long_text_is_none() -> None:
    assert is_keyword_query("word " * MAX_WORDS)
    assert not is_keyword_query("word " * (MAX_WORDS + 1))
