"""Answers questions about articles; every sentence of an answer cites the exact characters that support it.

These names are the public API. The HTTP app, the MCP server and the tools for agents are imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from assistant.answer import Answer, Citation, Passage, Sentence
from assistant.assistant import Assistant
from assistant.errors import (
    AddressRefused,
    CitationOutdated,
    ClusterFailed,
    FetchError,
    FetchTooLarge,
    FetchTooSlow,
    LanguageModelError,
    MalformedSource,
    PageGone,
    PageKindUnknown,
    PageNotFound,
    ReaderUnavailable,
    RobotsRefused,
    ServerFailed,
    SourceError,
    SourceMissing,
    SourceTooLarge,
    TooManyRedirects,
    UnknownKind,
)
from assistant.grounding.verification import StoredCitation
from assistant.request import Message
from assistant.settings import Settings
from embeddings.errors import (
    ArticleAssistantError,
    ArticleNotFound,
    EncoderUnavailable,
    ExtraMissing,
    IndexUnavailable,
    InvalidInput,
    LibraryBusy,
    LibraryError,
    LibraryFull,
    LibraryMismatch,
    LibraryUnreachable,
    LibraryUnreadable,
    TookTooLong,
    UnknownFilterValue,
)
from embeddings.filters import Filters
from embeddings.text.article import Article, Span

if TYPE_CHECKING:
    from assistant.doors.agent_tools import (
        anthropic_tools,
        langchain_tools,
        openai_tools,
        run_anthropic_tool_use,
        run_openai_tool_call,
        spans_of,
        tool_schemas,
    )
    from assistant.doors.http import create_app
    from assistant.doors.mcp import create_mcp_server

__all__ = [
    "AddressRefused",
    "Answer",
    "Article",
    "ArticleAssistantError",
    "ArticleNotFound",
    "Assistant",
    "Citation",
    "CitationOutdated",
    "ClusterFailed",
    "EncoderUnavailable",
    "ExtraMissing",
    "FetchError",
    "FetchTooLarge",
    "FetchTooSlow",
    "Filters",
    "IndexUnavailable",
    "InvalidInput",
    "LanguageModelError",
    "LibraryBusy",
    "LibraryError",
    "LibraryFull",
    "LibraryMismatch",
    "LibraryUnreachable",
    "LibraryUnreadable",
    "MalformedSource",
    "Message",
    "PageGone",
    "PageKindUnknown",
    "PageNotFound",
    "Passage",
    "ReaderUnavailable",
    "RobotsRefused",
    "Sentence",
    "ServerFailed",
    "Settings",
    "SourceError",
    "SourceMissing",
    "SourceTooLarge",
    "Span",
    "StoredCitation",
    "TooManyRedirects",
    "TookTooLong",
    "UnknownFilterValue",
    "UnknownKind",
    "anthropic_tools",
    "create_app",
    "create_mcp_server",
    "langchain_tools",
    "openai_tools",
    "run_anthropic_tool_use",
    "run_openai_tool_call",
    "spans_of",
    "tool_schemas",
]

_LAZY = {"create_app": "assistant.doors.http", "create_mcp_server": "assistant.doors.mcp"}


def __getattr__(name: str) -> object:
    """Import the HTTP app, the MCP server or a tool for agents on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY.get(name, "assistant.doors.agent_tools")), name)
