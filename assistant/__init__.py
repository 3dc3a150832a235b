"""Answers questions about articles; every sentence of an answer points at the exact characters that support it.

This is all that a client needs. What opens a door, or gives tools to agents, loads when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from assistant.answer import Answer, Citation, Passage, Sentence
from assistant.assistant import Assistant
from assistant.errors import (
    CitationOutdated,
    ExtraMissing,
    LanguageModelError,
    MalformedSource,
    ReaderUnavailable,
    SourceError,
    SourceMissing,
    SourceTooLarge,
    UnknownKind,
)
from assistant.request import Message
from assistant.settings import Settings
from assistant.verification import StoredCitation
from embeddings.article import Article, Span
from embeddings.errors import (
    ArticleAssistantError,
    ArticleNotFound,
    EncoderUnavailable,
    InvalidInput,
    LibraryBusy,
    LibraryError,
    LibraryFull,
    LibraryMismatch,
    LibraryUnreadable,
    TookTooLong,
)
from embeddings.filters import Filters

if TYPE_CHECKING:
    from assistant.api import create_app
    from assistant.mcp import create_mcp_server
    from assistant.tools import (
        anthropic_tools,
        langchain_tools,
        openai_tools,
        run_anthropic_tool_use,
        run_openai_tool_call,
        spans_of,
        tool_schemas,
    )

__all__ = [
    "Answer",
    "Article",
    "ArticleAssistantError",
    "ArticleNotFound",
    "Assistant",
    "Citation",
    "CitationOutdated",
    "EncoderUnavailable",
    "ExtraMissing",
    "Filters",
    "InvalidInput",
    "LanguageModelError",
    "LibraryBusy",
    "LibraryError",
    "LibraryFull",
    "LibraryMismatch",
    "LibraryUnreadable",
    "MalformedSource",
    "Message",
    "Passage",
    "ReaderUnavailable",
    "Sentence",
    "Settings",
    "SourceError",
    "SourceMissing",
    "SourceTooLarge",
    "Span",
    "StoredCitation",
    "TookTooLong",
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

_LAZY = {"create_app": "assistant.api", "create_mcp_server": "assistant.mcp"}


def __getattr__(name: str) -> object:
    """Load what is not here yet, from its module or from the tools for agents."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY.get(name, "assistant.tools")), name)
