"""The tools in Anthropic's format, and the article spans of a model's own citations.

The smallest unit that a model can cite is a text block. So each sentence is a block, and ``source`` is the link to the
passage: link and block indices together identify the cited characters, without any state between calls.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict

from assistant.answer import Answer, Location
from assistant.assistant import Assistant
from assistant.doors.abstention import answer_text
from assistant.doors.agent_tools.tool import TOOLS, Result, call
from assistant.errors import CitationOutdated
from assistant.grounding.verification import StoredCitation
from embeddings.errors import ArticleAssistantError, InvalidInput
from embeddings.text.article import Span
from embeddings.text.sentences import sentence_spans

_LINK = re.compile(r"/read/([^/#]+)#c=(\d{1,18})-(\d{1,18})$")


class _ToolUse(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    input: dict[str, Any]


class _Location(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    source: str
    cited_text: str
    start_block_index: int
    end_block_index: int


def anthropic_tools() -> list[dict[str, Any]]:
    """Return the tools for ``client.messages.create(tools=…)``."""
    return [{"name": tool.name, "description": tool.description, "input_schema": tool.input_schema} for tool in TOOLS]


def run_anthropic_tool_use(assistant: Assistant, block: BaseModel | Mapping[str, Any]) -> dict[str, Any]:
    """Run a ``tool_use`` block and return the ``tool_result`` block to send back.

    The result has a ``search_result`` for each citation of an answer, or for each passage. An error of the model is
    returned to it in the result, so that it can correct the call.

    Raises:
        pydantic.ValidationError: the block is not a ``tool_use`` block.
    """
    tool_use = _ToolUse.model_validate(block)
    result: dict[str, Any] = {"type": "tool_result", "tool_use_id": tool_use.id}
    try:
        return result | {"content": _content(call(assistant, tool_use.name, tool_use.input))}
    except ArticleAssistantError as error:
        return result | {"content": [_text(str(error))], "is_error": True}


def spans_of(assistant: Assistant, location: BaseModel | Mapping[str, Any]) -> tuple[StoredCitation, ...]:
    """Return the citations of a ``search_result_location``: one per cited sentence, as ``POST /verify`` takes them.

    Raises:
        InvalidInput: the location is not in a result of these tools.
        ArticleNotFound: the article has been removed since.
        CitationOutdated: the article has been edited since.
    """
    cited = _Location.model_validate(location)
    link = _LINK.search(cited.source)
    if link is None or int(link[2]) > int(link[3]):
        raise InvalidInput(
            "The source is not a passage of this library.",
            expected="the `source` of a search result that these tools returned",
            got=repr(cited.source[:120]),
            hint="Take `citations` of type search_result_location from the model's reply as they stand.",
        )
    article = assistant.get(unquote(link[1]))
    passage = Span(start=int(link[2]), end=int(link[3]))
    sentences = sentence_spans(passage.cut(article.text))[cited.start_block_index : cited.end_block_index]
    spans = [Span(start=passage.start + sentence.start, end=passage.start + sentence.end) for sentence in sentences]
    if "".join(span.cut(article.text) for span in spans) != cited.cited_text:
        raise CitationOutdated(article.id, cited.cited_text)
    return tuple(
        StoredCitation(article_id=article.id, start=span.start, end=span.end, quote=span.cut(article.text))
        for span in spans
    )


def _content(result: Result) -> list[dict[str, Any]]:
    if isinstance(result, Answer):
        results = [_search_result(citation, citation.quote) for citation in result.citations]
        said = [] if result.sentences else [answer_text(result)]
    else:
        results = [_search_result(passage, passage.text) for passage in result.passages]
        said = [] if results else ["No passage was found."]
    return [*map(_text, (*said, *result.notices)), *results]


def _search_result(place: Location, text: str) -> dict[str, Any]:
    return {
        "type": "search_result",
        "source": place.link,
        "title": place.title,
        "content": [_text(sentence.cut(text)) for sentence in sentence_spans(text)],
        "citations": {"enabled": True},
    }


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}
