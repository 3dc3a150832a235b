from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Article, Assistant, Filters, InvalidInput
from assistant.answer import Citation
from assistant.check import CheckedSentence
from assistant.request import CheckRequest

FERRY = (
    "The ferry to Vinga left Gothenburg on 3 May 2016 with 340 passengers and 12 cars.\n\n"
    "Anna Berg steered it, as she had for nine years. Nobody was hurt when it hit a rock.\n\n"
    "It is not true that the owner dismissed the captain."
)


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(tmp_path_factory.mktemp("ferry")) as assistant:
        assistant.add_article(Article.create(FERRY, title="The ferry of Vinga sank", source="Bohus Post"))
        yield assistant


@pytest.mark.parametrize(
    ("text", "verdict", "unsupported"),
    [
        ("Nobody was hurt when it hit a rock.", "verbatim", []),
        ("- **Nobody** was hurt when\nit hit a rock [1].", "verbatim", []),
        ("Anna Berg steered it, as she had for nine years. ", "verbatim", []),
        ("✅ [Anna Berg](https://example.org/berg) steered it, as she had for nine years", "verbatim", []),
        ("The ferry to Vinga left Gothenburg on 3 May 2016.", "supported", []),
        ("The ferry to Vinga left Gothenburg with 430 passengers.", "contradicted", ["430"]),
        ("Anna Berg steered it, as she had for six years.", "contradicted", ["six"]),
        ("The owner dismissed the captain.", "contradicted", ["The owner dismissed the captain."]),
        ("the owner dismissed the captain.", "contradicted", ["the owner dismissed the captain."]),
        ("The ferry to Vinga carried mail in winter.", "not_found", ["carried mail", "winter"]),
        ("Bread is baked in Paris.", "not_found", ["Bread", "baked", "Paris"]),
        ("The ferry of Vinga sank.", "not_found", ["sank"]),  # a headline is no evidence
    ],
)
def test_each_sentence_has_a_verdict(ferry: Assistant, text: str, verdict: str, unsupported: list[str]) -> None:
    (sentence,) = ferry.check(text).sentences
    assert sentence.text == text[sentence.start : sentence.end]
    assert (sentence.verdict, [span.cut(text) for span in sentence.unsupported]) == (verdict, unsupported)
    assert len(sentence.citations) == (verdict != "not_found")
    assert bool(sentence.score) == (verdict != "not_found")


@pytest.mark.parametrize("text", ["---", "* * *\n\n…"])
def test_a_text_without_a_sentence_has_a_notice(ferry: Assistant, text: str) -> None:
    reply = ferry.check(text)
    assert reply.sentences == ()
    assert reply.notices == ("There is no sentence in this text: nothing was checked.",)


def test_offsets_count_from_the_beginning_of_the_text(ferry: Assistant) -> None:
    text = "😀 Nobody was hurt when it hit a rock.\r\n\r\nAnna Berg steered it, as she had for six years."
    first, second = ferry.check(text).sentences
    assert (first.text, second.text) == (text[first.start : first.end], text[second.start : second.end])
    assert [span.cut(text) for span in second.unsupported] == ["six"]


def test_a_citation_is_the_exact_place_and_comes_once(ferry: Assistant) -> None:
    sentence = "Nobody was hurt when it hit a rock."
    reply = ferry.check(f"{sentence} {sentence}")
    (citation,) = reply.citations
    assert [one.citations for one in reply.sentences] == [(citation.id,), (citation.id,)]
    assert FERRY[citation.start : citation.end] == citation.quote == sentence
    assert reply.holds


def test_part_of_a_sentence_is_not_the_sentence(ferry: Assistant) -> None:
    (sentence,) = ferry.check("owner dismissed the captain").sentences
    assert sentence.verdict != "verbatim"


def test_only_the_filtered_articles_count(ferry: Assistant) -> None:
    text = "Nobody was hurt when it hit a rock."
    found = ferry.check(text, Filters(sources=("Bohus Post",), published_after=None))
    (undated,) = ferry.check(text, Filters.model_validate({"published_after": "2016-01-01"})).sentences
    assert found.holds
    assert undated.verdict == "not_found"


def test_an_empty_library_supports_nothing(tmp_path: Path) -> None:
    with Assistant.open(tmp_path) as empty:
        (sentence,) = empty.check("Nobody was hurt.").sentences
    assert sentence.verdict == "not_found"
    assert sentence.unsupported


def test_a_whole_article_stands_in_the_articles(assistant: Assistant) -> None:
    text = assistant.articles()[0][0].text
    reply = assistant.check(text)
    assert {sentence.verdict for sentence in reply.sentences} == {"verbatim"}
    assert "".join(text.split()) == "".join("".join(sentence.text for sentence in reply.sentences).split())


def test_sentences_come_one_by_one_after_their_citations_until_nobody_waits(ferry: Assistant) -> None:
    left = False
    request = CheckRequest(text=f"{FERRY} {FERRY}")
    parts = ferry.stream_check(request, lambda: left)
    kinds = [type(next(parts)) for _ in range(4)]
    assert kinds == [Citation, CheckedSentence] * 2
    left = True
    assert list(parts) == []


@pytest.mark.parametrize("text", ["", " \n", "x" * 50_001, "Who \ud800?"])
def test_a_text_out_of_its_bounds_is_refused(ferry: Assistant, text: str) -> None:
    with pytest.raises(InvalidInput, match="text"):
        ferry.check(text)


def test_a_very_long_sentence_is_only_compared(ferry: Assistant) -> None:
    (sentence,) = ferry.check("the owner of the captain " * 1_900).sentences
    assert sentence.verdict == "not_found"
