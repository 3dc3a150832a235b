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


def filled_cache(*questions: str) -> AnswerCache:
    cache = AnswerCache(2)
    for question in questions:
        cache.put(question, answer(question))
    return cache


def cached(cache: AnswerCache) -> set[str]:
    return {question for question in "abc" if cache.get(question)}


def test_a_cached_answer_is_returned_unchanged() -> None:
    assert filled_cache("a").get("a") == answer("a")
    assert filled_cache("a").get("b") is None


def test_the_oldest_answer_is_evicted() -> None:
    assert cached(filled_cache("a", "b", "c")) == {"b", "c"}


def test_a_read_answer_is_kept_longer() -> None:
    cache = filled_cache("a", "b")
    assert cache.get("a")
    cache.put("c", answer("c"))
    assert cached(cache) == {"a", "c"}


def test_an_answer_that_is_put_again_is_kept_longer() -> None:
    assert cached(filled_cache("a", "b", "a", "c")) == {"a", "c"}
