import os
from collections.abc import Iterator

import pytest

from assistant import Answer, Article, Assistant, Filters, Settings
from assistant.answering.contradicted_question import with_contradiction
from assistant.doors.abstention import abstention_text
from assistant.draft_answer import DraftAnswer
from assistant.grounding.entailment import Checker
from assistant.reading import base_model
from assistant.request import AskRequest

CLOSED = "The bridge at Lier was closed in 1993 because its piers had sunk."
TEXT = f"{CLOSED} It carried two lanes and was painted green. Its engineer, Tora Lund, later built the tunnel at Moss."


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """A library read by the careful reader; REQUIRE_MODEL=1 makes its absence a failure instead of a skip."""
    if not base_model.is_installed() and os.environ.get("REQUIRE_MODEL") != "1":
        pytest.skip("the careful reader is not installed")
    folder = tmp_path_factory.mktemp("bridge")
    (folder / "bridge.txt").write_text(TEXT)
    with Assistant.open(folder / "library", settings=Settings(reader="careful")) as assistant:
        assistant.add(folder / "bridge.txt")
        yield assistant


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Why was the bridge at Lier blown up?", CLOSED),
        ("When was the bridge at Lier never closed?", CLOSED),
        (
            "Why did Tora Lund refuse to build the tunnel at Moss?",
            "Its engineer, Tora Lund, later built the tunnel at Moss.",
        ),
    ],
)
def test_a_question_that_presupposes_something_else_is_abstained_from_with_what_the_article_says(
    bridge: Assistant, question: str, quote: str
) -> None:
    answer = bridge.ask(question)
    assert (answer.abstained, answer.answer, answer.sentences) == (True, None, ())
    assert answer.reason == "contradicts_the_question"
    (citation,) = answer.citations
    assert (citation.quote, citation.verdict) == (quote, "contradicted")
    assert bridge.get(citation.article_id).text[citation.start : citation.end] == quote
    assert quote in abstention_text(answer)


@pytest.mark.parametrize(
    ("question", "short_answer"),
    [
        ("When was the bridge at Lier closed?", "1993"),
        ("Why was the bridge at Lier closed?", "its piers had sunk"),
        ("What colour was the bridge painted?", "green"),
    ],
)
def test_a_question_that_presupposes_what_the_article_says_is_answered(
    bridge: Assistant, question: str, short_answer: str
) -> None:
    answer = bridge.ask(question)
    assert (answer.reason, answer.short_answer) == (None, short_answer)


def test_a_sentence_that_has_few_words_of_a_question_does_not_contradict_it(bridge: Assistant) -> None:
    wages = (
        "The Solvei line pays at the top tenth of the trade at Oslo wage levels, regardless of where its crews live."
    )
    outcome = bridge.library.add([Article.create(wages, title="Wages")])
    filters = Filters(article_ids=tuple(one.article_id for one in outcome if one.article_id))
    answer = bridge.ask("What is the lowest amount anyone at the Solvei line gets?", filters=filters)
    assert (answer.reason, answer.citations) == ("not_answered_by_passages", ())


def test_what_contradicts_a_question_comes_in_a_stream_before_the_end(bridge: Assistant) -> None:
    for _ in range(2):  # made, and from the cache
        *parts, answer = bridge.stream_answer(AskRequest.read(question="Why was the bridge at Lier blown up?"))
        assert isinstance(answer, Answer)
        assert tuple(parts) == answer.citations


def test_the_small_checker_does_not_read_questions() -> None:
    draft = DraftAnswer((), 0.1, "extractive", "not_answered_by_passages")
    assert with_contradiction("Why was it blown up?", [], draft, Checker.choose("small")) is draft
