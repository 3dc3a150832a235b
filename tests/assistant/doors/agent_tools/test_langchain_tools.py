"""The tools with a real LangChain agent and a scripted model."""

import subprocess
import sys
from typing import TYPE_CHECKING, Any

from assistant import Answer
from assistant.answer import SearchReply
from assistant.assistant import Assistant
from assistant.doors.agent_tools import langchain_tools
from tests.serving import Server

if TYPE_CHECKING:
    from langchain_core.messages import ToolMessage

QUESTION = "When did Kerry last speak to Lavrov?"


def run(assistant: Assistant, name: str, **arguments: object) -> "ToolMessage":
    """The tool message that an agent gets when its model calls this tool. LangChain takes seconds to load."""
    from langchain.agents import create_agent
    from langchain_core.language_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage, ToolMessage

    class Script(GenericFakeChatModel):
        def bind_tools(self, *_: Any, **__: Any) -> Any:
            return self

    call = {"name": name, "args": arguments, "id": "call_1"}
    model = Script(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("Done.")]))
    agent: Any = create_agent(model, langchain_tools(assistant))
    messages = agent.invoke({"messages": [("user", QUESTION)]})["messages"]
    assert messages[-1].content == "Done."
    (message,) = [message for message in messages if isinstance(message, ToolMessage)]
    return message


def test_an_agents_answer_has_the_characters_that_the_server_shows(assistant: Assistant, server: Server) -> None:
    message = run(assistant, "ask_articles", question=QUESTION)
    answer = message.artifact
    assert isinstance(answer, Answer)
    assert "on Saturday" in str(message.content)
    for citation in answer.citations:
        assert citation.link.startswith(f"{server.url}/read/")
        text = server.http.get(f"/articles/{citation.article_id}").json()["text"]
        assert text[citation.start : citation.end] == citation.quote
        assert citation.quote in str(message.content)


def test_an_agents_search_keeps_the_passages_as_its_artifact(assistant: Assistant) -> None:
    message = run(assistant, "search_articles", query="Kerry", top_k=2, filters={"sources": ["Reuters"]})
    assert isinstance(message.artifact, SearchReply)
    assert len(message.artifact.passages) == 2


def test_an_error_of_the_model_is_returned_to_it(assistant: Assistant) -> None:
    message = run(assistant, "ask_articles", question="x", top_k=0)
    assert message.status == "error"
    assert "`top_k` is not right" in str(message.content)
    assert "Expected" in str(message.content)


def test_without_langchain_the_error_names_the_extra() -> None:
    code = (
        "import sys; sys.modules['langchain_core'] = None\n"
        "from assistant.doors.agent_tools import langchain_tools\n"
        "from embeddings.errors import ArticleAssistantError\n"
        "try: langchain_tools(None)\n"
        "except ArticleAssistantError as error: print(error.code, error.hint)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.startswith("extra_missing")
    assert "cited-articles[langchain]" in printed
