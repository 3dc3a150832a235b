"""The tools in Anthropic's format, checked against the types of its SDK."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter

from assistant.assistant import Assistant
from assistant.doors.agent_tools import run_anthropic_tool_use, spans_of
from assistant.errors import CitationOutdated
from assistant.grounding.verification import verify
from assistant.settings import Settings
from assistant.sources import read_text
from embeddings.errors import ArticleNotFound, InvalidInput

if TYPE_CHECKING:
    from anthropic.types import CitationsSearchResultLocation

QUESTION = "When did Kerry last speak to Lavrov?"


def check(name: str, value: dict[str, Any]) -> None:
    """Check a value against a type of the SDK, which takes seconds to load."""
    from anthropic import types

    kind = getattr(types, name)
    TypeAdapter(kind).validate_python(value)
    assert value.keys() <= kind.__annotations__.keys()


def run(assistant: Assistant, name: str, **arguments: object) -> list[dict[str, Any]]:
    from anthropic.types import ToolUseBlock

    block = ToolUseBlock(type="tool_use", id="toolu_1", name=name, input=arguments)
    result = run_anthropic_tool_use(assistant, block)
    check("ToolResultBlockParam", result)
    assert result["tool_use_id"] == "toolu_1"
    assert not result.get("is_error")
    content: list[dict[str, Any]] = result["content"]
    for found in content:
        check("SearchResultBlockParam" if found["type"] == "search_result" else "TextBlockParam", found)
        for sentence in found.get("content", []):
            check("TextBlockParam", sentence)
    return content


def cite(found: dict[str, Any], start: int, end: int, index: int = 0) -> "CitationsSearchResultLocation":
    """The citation that the API sends when a model cites these blocks of a search result."""
    from anthropic.types import CitationsSearchResultLocation

    return CitationsSearchResultLocation(
        type="search_result_location",
        source=found["source"],
        title=found["title"],
        search_result_index=index,
        start_block_index=start,
        end_block_index=end,
        cited_text="".join(block["text"] for block in found["content"][start:end]),
    )


def test_an_answer_is_a_search_result_for_each_citation(assistant: Assistant) -> None:
    found, *_ = run(assistant, "ask_articles", question=QUESTION)
    citation = assistant.ask(QUESTION).citations[0]
    assert found["source"] == citation.link
    assert found["citations"] == {"enabled": True}
    assert [block["text"] for block in found["content"]] == [citation.quote]
    (span,) = spans_of(assistant, cite(found, 0, 1))
    assert (span.article_id, span.start, span.end) == (citation.article_id, citation.start, citation.end)


def test_every_range_of_blocks_maps_to_the_cited_sentences(assistant: Assistant) -> None:
    results = run(assistant, "search_articles", query="Kerry Lavrov talks Aleppo", top_k=3)
    assert len(results) > 1
    for index, found in enumerate(results):
        blocks = [block["text"] for block in found["content"]]
        for start in range(len(blocks)):
            for end in range(start + 1, len(blocks) + 1):
                spans = spans_of(assistant, cite(found, start, end, index))
                assert [span.quote for span in spans] == blocks[start:end]
                for span in spans:
                    assert assistant.get(span.article_id).text[span.start : span.end] == span.quote
                    assert [one.status for one in verify([span], assistant.get)] == ["fresh"]


def test_the_blocks_of_a_passage_have_all_its_text(assistant: Assistant) -> None:
    passages = assistant.search("Kerry Lavrov", top_k=3)
    for found, passage in zip(run(assistant, "search_articles", query="Kerry Lavrov", top_k=3), passages, strict=True):
        assert " ".join(block["text"] for block in found["content"]).split() == passage.text.split()


def test_a_citation_may_be_a_dictionary(assistant: Assistant) -> None:
    (found,) = run(assistant, "search_articles", query="Kerry", top_k=1)
    assert spans_of(assistant, cite(found, 0, 1).model_dump()) == spans_of(assistant, cite(found, 0, 1))


@pytest.mark.parametrize(
    "arguments", [{}, {"filters": {"published_after": "2020-01-01"}}], ids=["nonsense", "nothing found"]
)
def test_an_abstention_is_a_text_block(assistant: Assistant, arguments: dict[str, object]) -> None:
    (said,) = run(assistant, "ask_articles", question="How long does sourdough bread bake?", **arguments)
    assert said["type"] == "text"
    assert said["text"].startswith("The articles do not say.")


def test_a_search_that_finds_nothing_says_so(assistant: Assistant) -> None:
    assert run(assistant, "search_articles", query="Kerry", filters={"published_after": "2020-01-01"}) == [
        {"type": "text", "text": "No passage was found."}
    ]


def test_a_notice_about_a_filter_is_a_text_block(assistant: Assistant) -> None:
    nothing, notice = run(assistant, "search_articles", query="Kerry", filters={"metadata": "seed_line_4 = 1"})
    assert nothing["text"] == "No passage was found."
    assert notice["text"].startswith("No article has 'seed_line_4'")


@pytest.mark.parametrize(("name", "arguments"), [("ask_articles", {"question": ""}), ("search_web", {})])
def test_an_error_of_the_model_is_returned_to_it(assistant: Assistant, name: str, arguments: dict[str, object]) -> None:
    result = run_anthropic_tool_use(assistant, {"id": "toolu_1", "name": name, "input": arguments})
    check("ToolResultBlockParam", result)
    assert result["is_error"] is True
    assert "Expected" in result["content"][0]["text"]


@pytest.mark.parametrize("source", ["https://example.org", "/read/a#c=5-3", f"/read/a#c=0-{'9' * 5000}"])
def test_an_unknown_source_is_rejected(assistant: Assistant, source: str) -> None:
    elsewhere = {"source": source, "cited_text": "x", "start_block_index": 0, "end_block_index": 1}
    with pytest.raises(InvalidInput, match="not a passage of this library"):
        spans_of(assistant, elsewhere)


def test_a_citation_of_an_edited_or_removed_article_is_an_error(tmp_path: Path) -> None:
    with Assistant.open(settings=Settings(library=tmp_path)) as assistant:
        url = "https://example.org/talks"
        outcome = assistant.add_article(read_text("Kerry spoke on Saturday. Lavrov listened.", url=url))
        (found,) = run(assistant, "search_articles", query="Kerry")
        cited = cite(found, 0, 1)
        assert [span.quote for span in spans_of(assistant, cited)] == ["Kerry spoke on Saturday."]
        assistant.add_article(read_text("Kerry spoke on Sunday. Lavrov listened.", url=url))
        with pytest.raises(CitationOutdated):
            spans_of(assistant, cited)
        assistant.remove(outcome.article_id or "")
        with pytest.raises(ArticleNotFound):
            spans_of(assistant, cited)
