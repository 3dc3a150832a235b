from assistant.answer import Answer
from assistant.answer_cache import AnswerCache


def answer(question: str) -> Answer:
    return Answer(
        id=question,
        question=question,
        standalone_question=question,
        mode="extractive",
        answer=None,
        short_answer=None,
        abstained=True,
        reason="library_empty",
        confidence=0,
        dropped_sentences=0,
        notices=(),
        sentences=(),
        citations=(),
        passages=(),
        timings_ms={},
    )


def remembering(*questions: str) -> AnswerCache:
    remembered = AnswerCache(2)
    for question in questions:
        remembered.keep(question, answer(question))
    return remembered


def known(remembered: AnswerCache) -> set[str]:
    return {question for question in "abc" if remembered.get(question)}


def test_an_answer_comes_back_as_it_was_given() -> None:
    assert remembering("a").get("a") == answer("a")
    assert remembering("a").get("b") is None


def test_the_answer_that_was_given_longest_ago_is_forgotten() -> None:
    assert known(remembering("a", "b", "c")) == {"b", "c"}


def test_what_is_asked_for_again_is_kept_longer() -> None:
    remembered = remembering("a", "b")
    assert remembered.get("a")
    remembered.keep("c", answer("c"))
    assert known(remembered) == {"a", "c"}


def test_what_is_given_again_is_kept_longer() -> None:
    assert known(remembering("a", "b", "a", "c")) == {"a", "c"}
