"""The tools in OpenAI's format."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from assistant.assistant import Assistant
from assistant.doors.agent_tools.tool import TOOLS, call, for_model
from assistant.doors.schemas import ErrorReply
from embeddings.errors import ArticleAssistantError


class _Function(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    arguments: str


class _ToolCall(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    function: _Function


def openai_tools() -> list[dict[str, Any]]:
    """Return the tools for ``client.chat.completions.create(tools=…)``."""
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.input_schema},
        }
        for tool in TOOLS
    ]


def run_openai_tool_call(assistant: Assistant, tool_call: BaseModel | Mapping[str, Any]) -> dict[str, Any]:
    """Run one of ``message.tool_calls`` and return the ``tool`` message to send back.

    An error of the model is returned to it in the message, so that it can correct the call.

    Raises:
        pydantic.ValidationError: the argument is not a tool call.
    """
    parsed = _ToolCall.model_validate(tool_call)
    try:
        content = for_model(call(assistant, parsed.function.name, parsed.function.arguments))
    except ArticleAssistantError as error:
        content = ErrorReply.of(error).model_dump_json()
    return {"role": "tool", "tool_call_id": parsed.id, "content": content}
