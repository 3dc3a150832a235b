"""What clients may rely on: these names, and no other module."""

import ast
import re
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

import assistant
from assistant import errors
from embeddings import errors as finding
from tests.test_architecture import MAY_IMPORT

HOUSE = Path(__file__).parents[2]
EXAMPLES = sorted((HOUSE / "docs" / "examples").glob("*.py"))
PAGES = [HOUSE / "README.md", *sorted((HOUSE / "docs").rglob("*.md"))]
IMPORT = re.compile(rf"^\s*(?:from|import) ((?:{'|'.join(MAY_IMPORT)})\b[\w.]*)(?: import .*)?$", re.MULTILINE)
VALUES = {"Answer", "Article", "Citation", "Filters", "Message", "Passage", "Sentence", "Settings", "Span"}
VALUES |= {"Assistant", "StoredCitation"}
DOORS = {"create_app": "assistant.doors.http", "create_mcp_server": "assistant.doors.mcp"}
TOOLS = {"anthropic_tools", "run_anthropic_tool_use", "spans_of", "openai_tools", "run_openai_tool_call"}
TOOLS |= {"langchain_tools", "tool_schemas"}


def test_the_public_names_are_fixed() -> None:
    told = {
        name
        for module in (errors, finding)
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, finding.ArticleAssistantError)
    }
    assert assistant.__all__ == sorted(VALUES | told | DOORS.keys() | TOOLS)


def test_every_public_name_is_the_name_of_its_object() -> None:
    assert [name for name in assistant.__all__ if getattr(assistant, name).__name__ != name] == []


def test_lazy_names_come_from_their_modules() -> None:
    for name, home in (DOORS | dict.fromkeys(TOOLS, "assistant.doors.agent_tools")).items():
        assert getattr(assistant, name) is getattr(import_module(home), name), name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'create'"):
        assistant.create  # noqa: B018


def test_pages_and_examples_import_only_the_public_package() -> None:
    for path in (*PAGES, *EXAMPLES):
        assert set(IMPORT.findall(path.read_text("utf-8"))) <= {"assistant"}, path


def test_examples_import_only_public_names() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in EXAMPLES]
    imports = [node for node in chain.from_iterable(map(ast.walk, trees)) if isinstance(node, ast.ImportFrom)]
    needed = {alias.name for node in imports if node.module == "assistant" for alias in node.names}
    assert "Assistant" in needed
    assert needed <= set(assistant.__all__)
