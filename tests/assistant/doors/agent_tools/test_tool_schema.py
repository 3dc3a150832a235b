import json

import pytest
from openai.types.chat import ChatCompletionFunctionToolParam
from pydantic import TypeAdapter
from typer.testing import CliRunner

import prompts
from assistant.doors.agent_tools import anthropic_tools, openai_tools, tool_schemas
from assistant.doors.cli import app


def test_the_schemas_are_in_the_vendors_formats() -> None:
    from anthropic.types import ToolParam  # takes seconds to load

    for tool in openai_tools():
        TypeAdapter(ChatCompletionFunctionToolParam).validate_python(tool)
    for tool in anthropic_tools():
        TypeAdapter(ToolParam).validate_python(tool)
        assert tool.keys() <= ToolParam.__annotations__.keys()


@pytest.mark.parametrize("tool", tool_schemas(), ids=lambda tool: str(tool["name"]))
def test_a_tool_has_input_and_output_schemas(tool: dict[str, dict[str, object]]) -> None:
    (required,) = TypeAdapter(list[str]).validate_python(tool["input_schema"]["required"])
    properties = TypeAdapter(dict[str, dict[str, object]]).validate_python(tool["input_schema"]["properties"])
    assert list(properties) == [required, "top_k", "filters"]
    assert all(part["description"] for part in properties.values())
    assert tool["input_schema"]["additionalProperties"] is False
    assert "passages" in str(tool["output_schema"]["properties"])


@pytest.mark.parametrize("name", ["ask_articles", "search_articles"])
def test_a_description_is_short_enough_for_every_client(name: str) -> None:
    assert len(prompts.load(name).text.encode()) < 1000


@pytest.mark.parametrize(
    ("form", "tools"), [("openai", openai_tools), ("anthropic", anthropic_tools), ("json", tool_schemas)]
)
def test_the_command_line_prints_the_schemas(form: str, tools: object) -> None:
    assert callable(tools)
    result = CliRunner().invoke(app, ["tool-schema", "--format", form])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == tools()


def test_an_unknown_format_is_wrong_usage() -> None:
    result = CliRunner().invoke(app, ["tool-schema", "--format", "xml"])
    assert result.exit_code == 2
    assert "openai" in result.stderr
