"""The tools for LangChain, which the extra ``langchain`` installs."""

from typing import TYPE_CHECKING, Any

from assistant.assistant import Assistant
from assistant.doors.agent_tools.tool import TOOLS, Result, Tool, call, for_model
from embeddings.errors import ArticleAssistantError, ExtraMissing

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool


def langchain_tools(assistant: Assistant) -> "list[StructuredTool]":
    """Return the tools for ``create_agent(tools=…)``. A tool message's ``artifact`` is the Answer or the SearchReply.

    Raises:
        ExtraMissing: LangChain is not installed.
    """
    try:
        from langchain_core.tools import StructuredTool, ToolException
    except ModuleNotFoundError as error:
        raise ExtraMissing("langchain", error.name or "langchain_core") from error

    def structured_tool(tool: Tool) -> StructuredTool:
        def run(**arguments: Any) -> tuple[str, Result]:
            try:
                result = call(assistant, tool.name, arguments)
            except ArticleAssistantError as error:
                raise ToolException(str(error)) from error
            return for_model(result), result

        return StructuredTool.from_function(
            run,
            name=tool.name,
            description=tool.description,
            args_schema=tool.input_schema,
            response_format="content_and_artifact",
            handle_tool_error=True,  # the model gets the error's text
        )

    return [structured_tool(tool) for tool in TOOLS]
