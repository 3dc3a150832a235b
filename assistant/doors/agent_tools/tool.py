"""The tools for agents: their arguments, descriptions and schemas, and how they are called."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import prompts
from assistant.answer import Answer, SearchReply
from assistant.assistant import Assistant
from assistant.doors.lean_schema import lean_schema
from assistant.request import (
    AskRequest,
    FiltersParameter,
    QueryParameter,
    QuestionParameter,
    Request,
    SearchRequest,
    TopK,
)
from embeddings.errors import InvalidInput

Result = Answer | SearchReply


class AskArticles(Request):
    """The arguments of ``ask_articles``."""

    question: QuestionParameter
    top_k: TopK = 8
    filters: FiltersParameter = None

    def run(self, assistant: Assistant) -> Answer:
        """Return the answer or the abstention."""
        return assistant.answer(AskRequest(question=self.question, top_k=self.top_k, filters=self.filters))


class SearchArticles(Request):
    """The arguments of ``search_articles``."""

    query: QueryParameter
    top_k: TopK = 8
    filters: FiltersParameter = None

    def run(self, assistant: Assistant) -> SearchReply:
        """Return the passages, best first."""
        return assistant.run_search(SearchRequest(query=self.query, top_k=self.top_k, filters=self.filters))


@dataclass(frozen=True)
class Tool:
    """A function that a language model may call."""

    name: Literal["ask_articles", "search_articles"]
    arguments: type[AskArticles] | type[SearchArticles]
    result: type[Result]

    @property
    def description(self) -> str:
        """Return the description for the model."""
        return prompts.load(self.name).text

    @property
    def input_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the arguments."""
        return lean_schema(self.arguments.model_json_schema())


TOOLS = (Tool("ask_articles", AskArticles, Answer), Tool("search_articles", SearchArticles, SearchReply))


def tool_schemas() -> list[dict[str, Any]]:
    """Return the tools in a vendor-neutral format, with the JSON Schema of their results."""
    return [
        {
            "name": tool.name,
            "version": prompts.load(tool.name).version,
            "description": tool.description,
            "input_schema": tool.input_schema,
            "output_schema": tool.result.model_json_schema(mode="serialization"),
        }
        for tool in TOOLS
    ]


def call(assistant: Assistant, name: str, arguments: str | Mapping[str, Any]) -> Result:
    """Call a tool with a model's arguments, as JSON or parsed from it, and return its result.

    Raises:
        InvalidInput: there is no such tool, or the arguments are invalid.
    """
    tool = next((tool for tool in TOOLS if tool.name == name), None)
    if tool is None:
        raise InvalidInput(
            "There is no such tool.",
            expected=" or ".join(tool.name for tool in TOOLS),
            got=repr(name[:80]),
            hint="Call a tool by one of these names.",
        )
    return tool.arguments.read(**_parse_object(arguments)).run(assistant)


def for_model(result: Result) -> str:
    """Return the result as JSON for a model; an answer is without its passages, which ``search_articles`` returns."""
    if isinstance(result, Answer):
        return result.model_dump_json(exclude={"passages", "timings_ms"})
    return result.model_dump_json()


def _parse_object(arguments: str | Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        value = json.loads(arguments) if isinstance(arguments, str) else arguments
    except ValueError:
        value = None
    if not isinstance(value, Mapping):
        raise InvalidInput(
            "The arguments cannot be read.",
            expected="a JSON object",
            got=repr(arguments)[:120],
            hint="Write the arguments as the tool's schema says.",
        )
    return value
