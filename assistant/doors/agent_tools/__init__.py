"""Tools for agents: their schemas, and functions that run a call and return the result in a vendor's format.

The formats are plain dictionaries, so no vendor's package is needed, except for LangChain (extra ``langchain``).
"""

from assistant.doors.agent_tools.anthropic import anthropic_tools, run_anthropic_tool_use, spans_of
from assistant.doors.agent_tools.langchain import langchain_tools
from assistant.doors.agent_tools.openai import openai_tools, run_openai_tool_call
from assistant.doors.agent_tools.tool import tool_schemas

__all__ = [
    "anthropic_tools",
    "langchain_tools",
    "openai_tools",
    "run_anthropic_tool_use",
    "run_openai_tool_call",
    "spans_of",
    "tool_schemas",
]
